export { awaitUntil } from "./await-until.ts";
export { type FaketimeOptions, faketimeLibrary } from "./faketime.ts";
export { type FetchRedisOptions, fetchRedisServer } from "./fetch-redis-server.ts";
export type { Direction, Link } from "./link.ts";
export { LinkProxy } from "./link-proxy.ts";
export {
  findRedisServer,
  howToGet,
  type RedisBinary,
  type RedisKind,
  type RedisPlaces,
  wantedKind,
} from "./redis-binary.ts";
export { type RedisCluster, type StartClusterOptions, startRedisCluster } from "./redis-cluster.ts";
export { type SentinelGroup, type StartSentinelsOptions, startSentinels } from "./redis-sentinels.ts";
export { type RedisServer, type SharedRedis, type StartRedisOptions, startRedis } from "./redis-server.ts";
export { ServerDate } from "./server-date.ts";
export type { SlotMove } from "./slot-move.ts";
export { testRedis } from "./test-redis.ts";
export { asked } from "./wire.ts";
