import { expect, test } from "vitest";
import { serverAt } from "./server-url.ts";

test.each([
  ["redis://localhost", { host: "localhost", port: 6379, db: 0 }],
  ["redis://10.0.0.7:7000/", { host: "10.0.0.7", port: 7000, db: 0 }],
  ["redis://[::1]:6380/3", { host: "::1", port: 6380, db: 3 }],
  ["redis://:p%23ss%25%40@cache.internal", { host: "cache.internal", port: 6379, db: 0, password: "p#ss%@" }],
  ["rediss://app:secret@cache/15", { host: "cache", port: 6379, db: 15, username: "app", password: "secret", tls: {} }],
  ["redis://cache?family=6", { host: "cache", port: 6379, db: 0, family: 6 }],
  ["redis://cache?family=0", { host: "cache", port: 6379, db: 0 }],
])("%s is understood", (url, server) => {
  expect(serverAt(url)).toEqual(server);
});

test.each([
  "",
  "localhost:6379",
  "redis://",
  "redis:localhost",
  "http://localhost",
  "redis+tls://localhost",
  "/var/run/redis.sock",
  "redis://cache:0",
  "redis://cache:65536",
  "redis://cache:6379 x",
  "redis://cache/-1",
  "redis://cache/first",
  "redis://cache/1/2",
  "redis://:100%@cache",
  "redis://:a#b@cache",
  "redis://:secret@cache#part",
  "redis://cache?enableOfflineQueue=true",
  "redis://cache?family=5",
  "redis://cache?family=",
  "redis://cache?family=4&family=6",
])("%j is refused", (url) => {
  expect(serverAt(url)).toBeUndefined();
});
