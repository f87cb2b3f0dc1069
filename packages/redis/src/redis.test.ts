import { Cluster, Redis } from "ioredis";
import { expect, test } from "vitest";
import { redis } from "./redis.ts";
import type { RedisOptions } from "./redis-options.ts";

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

test("a Cluster that a user has made lends its settings, and stays as it is", async () => {
  const client = new Cluster([{ host: "127.0.0.1", port: 1 }, "redis://127.0.0.1:1", "127.0.0.1:1", 1], {
    lazyConnect: true,
  });
  await redis({ client }).close();
  expect(client.status).toBe("wait");
});

test.each([
  ["redis.cluster.nodes", { cluster: {} }, "is missing; allowed is a list of at least one"],
  ["redis.cluster.nodes", { cluster: { nodes: [] } }, "is a value that is not shown"],
  ["redis.cluster.nodes", { cluster: { nodes: ["redis://a", "rediss://a"] } }, "all of the same scheme"],
  ["redis.cluster.nodes", { cluster: { nodes: ["hunter2@a"] } }, "is a value that is not shown"],
  ["redis.cluster.node", { cluster: { node: [] } }, "is not an option"],
  ["redis.cluster", { cluster: "redis://:hunter2@a" }, "is a value that is not shown; allowed is where a cluster is"],
  ["redis.sentinel.nodes", { sentinel: { group: "main" } }, "is missing"],
  ["redis.sentinel.group", { sentinel: { nodes: ["redis://a"] } }, "is missing; allowed is the name of a group"],
  ["redis.sentinel.group", { sentinel: { nodes: ["redis://a"], group: "" } }, 'is ""'],
  [
    "redis.sentinel.password",
    { sentinel: { nodes: ["redis://a"], group: "m", password: 5 } },
    "is a value that is not",
  ],
  ["redis.sentinel.db", { sentinel: { nodes: ["redis://a"], group: "m", db: -1 } }, "is -1"],
  ["redis.tls.ca", { url: "rediss://a", tls: { ca: 5 } }, "is a value that is not shown"],
  ["redis.tls.rejectUnauthorized", { url: "rediss://a", tls: { rejectUnauthorized: false } }, "is not an option"],
])("%s is refused where it is wrong: %j", (option, options, message) => {
  expect(wrong(options)).toThrow(new RegExp(`^${option.replaceAll(".", "\\.")} `));
  expect(wrong(options)).toThrow(message);
  expect(wrong(options)).not.toThrow("hunter2");
});

test("neither, both and unknown options are refused", () => {
  const client = new Redis({ lazyConnect: true });
  expect(wrong({})).toThrow("redis needs one of url, sentinel, cluster and client; none is given.");
  expect(wrong(undefined)).toThrow("redis needs one of url, sentinel, cluster and client; none is given.");
  expect(wrong({ client, url: "redis://cache" })).toThrow(
    "redis needs one of url, sentinel, cluster and client; url and client are given.",
  );
  expect(wrong({ host: "cache" })).toThrow(
    "redis.host is not an option; the options are commandTimeoutMs, url, sentinel, cluster, tls, client, name.",
  );
  expect(wrong({ client: {} })).toThrow("redis.client is an object; allowed is an ioredis client");
  expect(wrong({ url: "redis://cache", commandTimeoutMs: 0 })).toThrow(
    "redis.commandTimeoutMs is 0; allowed is a finite",
  );
  expect(wrong({ client, commandTimeoutMs: 50 })).toThrow("redis.commandTimeoutMs excludes redis.client");
  expect(wrong({ client, name: "a b" })).toThrow('redis.name is "a b"; allowed is letters');
});
