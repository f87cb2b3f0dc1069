export { type LruByBytes, type LruByEntries, type LruOptions, lru } from "./lru.ts";
