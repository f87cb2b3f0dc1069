export { type RedisOptions, type RedisWithClient, type RedisWithUrl, redis } from "./redis.ts";
