export { redis } from "./redis.ts";
export type {
  ClusterPlaces,
  RedisOptions,
  RedisTls,
  RedisWithClient,
  RedisWithCluster,
  RedisWithSentinel,
  RedisWithUrl,
  SentinelPlaces,
} from "./redis-options.ts";
