import { Cluster, Redis } from "ioredis";
import { expect, test } from "vitest";
import { type RedisOptions, redis } from "./redis.ts";

const wrong =
  (options: unknown): (() => unknown) =>
  () =>
    redis(options as RedisOptions);

test.each([
  ["another scheme", { url: "https://user:hunter2@cache" }],
  ["no scheme", { url: "hunter2@cache:6379" }],
  ["an option inside the URL", { url: "redis://:hunter2@cache?enableOfflineQueue=true" }],
  ["no text", { url: { password: "hunter2" } }],
])("a url with %s is refused without showing it", (_, options) => {
  expect(wrong(options)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  expect(wrong(options)).toThrow(
    /^redis\.url is a value that is not shown; allowed is a redis:\/\/ or rediss:\/\/ URL/,
  );
});

test("a Cluster is refused", () => {
  const client = new Cluster(["127.0.0.1:1"], { lazyConnect: true });
  expect(wrong({ client })).toThrow("redis.client is an object; allowed is an ioredis client of a single server");
});

test("neither, both and unknown options are refused", () => {
  const client = new Redis({ lazyConnect: true });
  expect(wrong({})).toThrow("redis needs either url or client; neither is given.");
  expect(wrong(undefined)).toThrow("redis needs either url or client; neither is given.");
  expect(wrong({ client, url: "redis://cache" })).toThrow("redis needs either url or client; both are given.");
  expect(wrong({ host: "cache" })).toThrow(
    "redis.host is not an option; the options are commandTimeoutMs, url, client, name.",
  );
  expect(wrong({ client: {} })).toThrow("redis.client is an object; allowed is an ioredis client");
  expect(wrong({ url: "redis://cache", commandTimeoutMs: 0 })).toThrow(
    "redis.commandTimeoutMs is 0; allowed is a finite",
  );
  expect(wrong({ client, commandTimeoutMs: 50 })).toThrow("redis.commandTimeoutMs excludes redis.client");
  expect(wrong({ client, name: "a b" })).toThrow('redis.name is "a b"; allowed is letters');
});
