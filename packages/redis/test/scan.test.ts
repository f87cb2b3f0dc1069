import { randomUUID } from "node:crypto";
import { createCache, minutes, type RemoteTier } from "@tiercache/core";
import { testRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, beforeEach, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { call, PATIENT_MS, write } from "./servers.ts";

const server = await testRedis();
const client = new Redis(server.url);
let id: string;

beforeEach(() => {
  id = randomUUID();
});

afterAll(async () => {
  await client.quit();
  await server.stop();
});

/** Keys straight into the server, some at a time. */
async function fill(count: number, keyOf: (index: number) => string): Promise<void> {
  for (let from = 0; from < count; from += 10_000) {
    const batch = client.pipeline();
    for (let index = from; index < Math.min(from + 10_000, count); index++) batch.set(keyOf(index), "x", "PX", 600_000);
    await batch.exec();
  }
}

async function callsOf(command: string): Promise<number> {
  const text = await client.info("commandstats");
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(text)?.[1] ?? 0);
}

/** Every key that a scan comes upon, and in how many steps. */
async function scanned(tier: RemoteTier, prefix: string): Promise<{ keys: readonly string[]; steps: number }> {
  const keys = new Set<string>();
  let cursor: string | undefined;
  let steps = 0;
  do {
    const step = await tier.scan?.step(prefix, { ...call, cursor });
    for (const key of step?.keys ?? []) keys.add(key);
    cursor = step?.cursor;
    steps++;
  } while (cursor !== undefined);
  return { keys: [...keys].toSorted(), steps };
}

test("of 100,000 keys those that match are removed in small steps, while others are answered between them", async () => {
  await fill(100_000, (index) => `${id}/score:${index % 10}:${index}`);
  await fill(100, (index) => `${id}/other:1:${index}`);
  const cache = createCache({
    tiers: [redis({ url: server.url, commandTimeoutMs: PATIENT_MS })],
    prefix: id,
    ttlMs: minutes(10),
    deadlineMs: 10_000,
  });
  const scores = cache.namespace<string, [number, number]>("score", { key: (user, index) => [user, index] });
  const held = await client.dbsize();
  const scans = await callsOf("scan");
  let between = 0;
  const over = new AbortController();
  const asking = (async () => {
    while (!over.signal.aborted) {
      await client.ping();
      between++;
    }
  })();
  expect(await scores.invalidatePattern("1:*")).toEqual({ status: "done" });
  over.abort();
  await asking;
  const steps = (await callsOf("scan")) - scans;
  expect(steps).toBeGreaterThan(50);
  expect(steps).toBeLessThanOrEqual(Math.ceil(held / 1_000) * 2);
  expect(between).toBeGreaterThan(steps / 2);
  expect(await callsOf("keys")).toBe(0);
  const tier = redis({ url: server.url, commandTimeoutMs: PATIENT_MS });
  expect((await scanned(tier, `${id}/score:1:`)).keys).toEqual([]);
  expect((await scanned(tier, `${id}/`)).keys.length).toBeGreaterThanOrEqual(90_100);
  await Promise.all([tier.close(), cache.close()]);
});

test("what means something in a pattern of Redis means itself", async () => {
  const tier = redis({ url: server.url, commandTimeoutMs: PATIENT_MS });
  const keys = ["a*b", "a?b", "a[b]", "a\\b", "a^b", "ab", "axb"].map((key) => `${id}:${key}`);
  for (const key of keys) await write(tier, key, "x");
  for (const key of keys) expect((await scanned(tier, key)).keys).toEqual([key]);
  await tier.close();
});

test("a client's own prefix is not part of the keys", async () => {
  const prefixed = new Redis(server.url, { keyPrefix: `${id}[own]` });
  const tier = redis({ client: prefixed });
  await write(tier, "a:1", "x");
  expect((await scanned(tier, "a:")).keys).toEqual(["a:1"]);
  await tier.close();
  await prefixed.quit();
});

test("every key that stays is found though the table grows and shrinks meanwhile", async () => {
  const tier = redis({ url: server.url, commandTimeoutMs: PATIENT_MS });
  await fill(5_000, (index) => `${id}:stays:${index}`);
  const found = new Set<string>();
  let cursor: string | undefined;
  let step = 0;
  do {
    const next = await tier.scan?.step(`${id}:stays:`, { ...call, cursor });
    for (const key of next?.keys ?? []) found.add(key);
    cursor = next?.cursor;
    if (step++ === 2) await fill(20_000, (index) => `${id}:comes:${index}`);
  } while (cursor !== undefined);
  expect(found.size).toBe(5_000);
  await tier.close();
});
