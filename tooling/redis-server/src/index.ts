export { type FetchRedisOptions, fetchRedisServer } from "./debian-packages.ts";
export { findRedisServer, type RedisBinary, type RedisKind, type RedisPlaces } from "./redis-binary.ts";
export { type RedisServer, type SharedRedis, type StartRedisOptions, startRedis } from "./redis-server.ts";
export { testRedis } from "./test-redis.ts";
