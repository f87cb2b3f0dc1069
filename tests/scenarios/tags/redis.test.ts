import { type Cache, createCache, type LoadingNamespace, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

/** Asks again until it holds; only a failure takes the whole time. */
async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("It did not come to hold in time.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A busy machine may be late. */
const PATIENT_MS = 15_000;

let server: RedisServer;
let version: number;
const caches: Cache[] = [];

beforeAll(async () => {
  server = await startRedis();
});

beforeEach(async () => {
  version = 1;
  await server.restart();
});

afterEach(() => Promise.all(caches.splice(0).map((cache) => cache.close())));

afterAll(() => server.stop());

interface Process {
  readonly cache: Cache;
  readonly users: LoadingNamespace<[id: string], number>;
}

function process(giveUpMs: number = PATIENT_MS): Process {
  const cache = createCache({
    tiers: [lru(), redis({ url: server.url, commandTimeoutMs: giveUpMs })],
    ttlMs: minutes(10),
    deadlineMs: giveUpMs,
  });
  caches.push(cache);
  const load = (): number => {
    if (version === 0) throw new Error("origin is away");
    return version;
  };
  const rules = { staleIfErrorMs: minutes(10), tags: (id: string) => [`of:${id[0]}`, "all"] };
  return { cache, users: cache.namespace("user", { load, ...rules }) };
}

/** As others see it: a value that is held by itself in each of them. */
async function heldByBoth(giveUpMs?: number): Promise<readonly [Process, Process]> {
  const pair = [process(giveUpMs), process(giveUpMs)] as const;
  for (const { users } of pair)
    await eventually(async () => (await users.get("7")) === version && users.peek("7") === version);
  return pair;
}

test.each(["invalidateTags", "deleteByTags"] as const)("%s reaches what another process holds", async (how) => {
  const [one, other] = await heldByBoth();
  version = 2;
  expect(await one.cache[how](["of:7"])).toEqual({ status: "done" });
  expect(await one.users.get("7")).toBe(2);
  await eventually(() => other.users.peek("7") !== 1);
  expect(await other.users.get("7")).toBe(2);
});

test("clearing a namespace reaches what another process holds", async () => {
  const [one, other] = await heldByBoth();
  version = 2;
  expect(await one.users.clear()).toEqual({ status: "done" });
  expect(await one.users.get("7")).toBe(2);
  await eventually(() => other.users.peek("7") !== 1);
  expect(await other.users.get("7")).toBe(2);
});

test("what was invalidated answers where a load fails, in a process that has never held it; what was deleted does not", async () => {
  const { cache, users } = process();
  await users.get("7");
  await cache.drain();
  await cache.invalidateTags(["all"]);
  version = 0;
  expect(await process().users.read("7")).toMatchObject({ value: 1, stale: "load-failed" });
  await cache.deleteByTags(["all"]);
  await expect(process().users.get("7")).rejects.toThrow("origin is away");
});

test("what is queued while the server is away is done once it is back, before anybody reads it there", async () => {
  const [one, other] = await heldByBoth(200);
  version = 2;
  server.hang();
  expect(await one.cache.invalidateTags(["of:7"])).toEqual({ status: "queued" });
  server.resume();
  expect(await one.users.get("7")).toBe(2);
  await eventually(async () => (await other.users.get("7")) === 2);
});
