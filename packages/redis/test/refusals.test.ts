import { randomUUID } from "node:crypto";
import { createCache, type RemoteTier } from "@tiercache/core";
import { asked, type RedisServer, startRedis } from "@tooling/redis-server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { redis } from "../src/index.ts";
import { eventually, PATIENT_MS, readOne, write } from "./servers.ts";

let server: RedisServer;
let warnings: string[];
const opened: RemoteTier[] = [];

const onWarning = (warning: Error & { readonly code?: string }): void => {
  if (warning.code === "TIERCACHE_REDIS_REFUSED") warnings.push(warning.message);
};

beforeEach(async () => {
  warnings = [];
  process.on("warning", onWarning);
  server = await startRedis();
  // ioredis says of a user without INFO that it skips its ready check.
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((tier) => tier.close()));
  await server.stop();
  process.off("warning", onWarning);
  vi.restoreAllMocks();
});

function open(login = ""): RemoteTier {
  const tier = redis({ url: server.url.replace("redis://", `redis://${login}`), commandTimeoutMs: PATIENT_MS });
  opened.push(tier);
  return tier;
}

test.each([
  ["-eval", 'the command "eval" to this user (NOPERM)'],
  ["-info", 'the command "info" to this user (NOPERM)'],
  ["-time", 'the command "time" to this user (NOPERM)'],
  ["-publish", 'the command "publish" to this user (NOPERM)'],
  ["-subscribe", 'the command "subscribe" to this user (NOPERM)'],
  ["resetchannels", "a channel to this user (NOPERM)"],
])("a user with %s is told of at the start, once, by name", async (rule, refused) => {
  await asked(server.port, `ACL SETUSER some on >pw ~* &* +@all ${rule}`);
  const cache = createCache({ tiers: [open("some:pw@")], ttlMs: 60_000 });
  await eventually(() => warnings.length > 0);
  const users = cache.namespace("user", { load: () => 1 });
  for (let round = 0; round < 3; round++) await users.get(randomUUID());
  await cache.close();
  expect(warnings).toEqual([
    `The Redis server refuses ${refused}. What tiercache needs of it is listed in @tiercache/redis.`,
  ]);
});

test("a command that a service has turned off, or that the build lacks, is told of as well", async () => {
  await server.stop();
  server = await startRedis({ args: ["--rename-command", "EVAL", ""] });
  const tier = open();
  await write(tier, "a", "frame");
  await eventually(() => warnings.length > 0);
  expect(warnings[0]).toMatch('refuses the command "eval" (it knows none)');
  expect(await readOne(tier, "a")).toBeDefined();
});

test("a login that is refused is told of, and stands in no warning", async () => {
  await asked(server.port, "CONFIG SET requirepass right");
  const tier = open(":hunter2@");
  await expect(readOne(tier, "a")).rejects.toMatchObject({ code: "TIER_FAILED" });
  await eventually(() => warnings.length > 0);
  await expect(readOne(tier, "a")).rejects.toMatchObject({ code: "TIER_FAILED" });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch("refuses the login (WRONGPASS)");
  expect(warnings.join()).not.toContain("hunter2");
});

test("a server that has all of it is not told of", async () => {
  const cache = createCache({ tiers: [open()], ttlMs: 60_000 });
  const users = cache.namespace("user", { load: () => 1 });
  await users.get("7");
  await users.invalidate("7");
  await cache.close();
  expect(warnings).toEqual([]);
});
