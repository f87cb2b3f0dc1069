export { type FetchRedisOptions, fetchRedisServer } from "./debian-packages.ts";
export {
  findRedisServer,
  howToGet,
  type RedisBinary,
  type RedisKind,
  type RedisPlaces,
  wantedKind,
} from "./redis-binary.ts";
export { type RedisServer, type SharedRedis, type StartRedisOptions, startRedis } from "./redis-server.ts";
export { testRedis } from "./test-redis.ts";
