import { randomUUID } from "node:crypto";
import { type Cache, createCache, minutes, type RemoteTier } from "@tiercache/core";
import { type RecordingObserver, recordingObserver } from "@tiercache/testing";
import { type RedisCluster, type RedisServer, startRedisCluster } from "@tooling/redis-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { keySlot } from "../src/key-slot.ts";
import { call, eventually, readOne, untilDone, write } from "./servers.ts";

/** So long that a busy machine does not take a node that is well for one that hangs. */
const GIVE_UP_MS = 1_000;

let cluster: RedisCluster;
let observer: RecordingObserver;
const tiers: RemoteTier[] = [];
const caches: Cache[] = [];

beforeAll(async () => {
  // So that masters which are left go on answering for their own slots.
  const args = ["--cluster-require-full-coverage", "no"];
  cluster = await startRedisCluster({ replicas: 0, args });
});

beforeEach(() => {
  observer = recordingObserver();
});

afterEach(async () => {
  await Promise.all(caches.splice(0).map((cache) => cache.close()));
  await Promise.all(tiers.splice(0).map((tier) => tier.close()));
});

afterAll(() => cluster.stop());

function open(): RemoteTier {
  const tier = redis({ cluster: { nodes: cluster.urls }, commandTimeoutMs: GIVE_UP_MS });
  tiers.push(tier);
  return tier;
}

function newCache(): Cache {
  const cache = createCache({ tiers: [open()], observer, ttlMs: minutes(10), deadlineMs: GIVE_UP_MS });
  caches.push(cache);
  return cache;
}

/** As many ids as asked for whose keys lie on a node, or on any other one. */
async function idsOn(node: RedisServer, count: number, keyOf: (id: string) => string): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const id = randomUUID();
    if ((await cluster.ownerOf(keySlot(keyOf(id)))) === node) ids.push(id);
  }
  return ids;
}

/** Whether it ends without a turn of the event loop, so by nothing that is outside this process. */
function isImmediate(end: Promise<unknown>): Promise<boolean> {
  const turn = new Promise<false>((resolve) => {
    setImmediate(() => resolve(false));
  });
  const ended = end.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, turn]);
}

const away = {
  killed: { begin: (node: RedisServer) => node.kill(), end: (node: RedisServer) => node.restart() },
  hung: { begin: async (node: RedisServer) => node.hang(), end: async (node: RedisServer) => node.resume() },
};

describe.each(Object.entries(away))("with one master of three %s", (_name, { begin, end }) => {
  let gone: RedisServer;
  let there: RedisServer;

  beforeEach(async () => {
    await cluster.whole();
    [gone, there] = (await cluster.masters()).toReversed() as [RedisServer, RedisServer];
  });

  test("its keys are refused without waiting once that is known, and those of the others are read and written", async () => {
    const tier = open();
    const [lost = ""] = await idsOn(gone, 1, (id) => id);
    const [held = ""] = await idsOn(there, 1, (id) => id);
    for (const key of [lost, held]) await untilDone(() => write(tier, key, key));
    await begin(gone);
    await expect(readOne(tier, lost)).rejects.toMatchObject({ code: "TIER_FAILED" });
    for (let round = 0; round < 20; round++) {
      expect(await isImmediate(readOne(tier, lost))).toBe(true);
      await untilDone(() => write(tier, held, "again"));
      expect(await untilDone(() => readOne(tier, held))).toBeDefined();
    }
    expect(tier.shards?.isAnyThere).toBe(true);
    expect(tier.shards?.of(lost)).not.toBe(tier.shards?.of(held));
    await end(gone);
    await untilDone(() => tier.readMany([lost, held], call));
  });

  test("a cache goes on with the others, its breaker closed, and catches up with that one before it reads there", async () => {
    const cache = newCache();
    let version = 1;
    // A namespace whose generation lies on a master that stays.
    const [name = ""] = await idsOn(there, 1, (id) => `:generation:${id}`);
    const users = cache.namespace(name, { load: (id) => `${id} v${version}` });
    const keyOf = (id: string): string => `${name}:${id}`;
    const [lost, held] = [await idsOn(gone, 3, keyOf), await idsOn(there, 3, keyOf)];
    for (const id of [...lost, ...held]) await untilDone(() => users.get(id));
    const isThere = async (id: string): Promise<boolean> => (await users.read(id)).source === "redis";
    for (const id of [...lost, ...held]) await eventually(() => isThere(id));
    await begin(gone);
    version = 2;
    for (const id of lost) expect(await users.invalidate(id)).toEqual({ status: "queued" });
    for (let round = 0; round < 10; round++) {
      for (const id of lost) expect(await users.get(id)).toBe(`${id} v2`);
      for (const id of held) await eventually(() => isThere(id));
    }
    for (const id of held) await eventually(async () => (await users.invalidate(id)).status === "done");
    expect(observer.of("breaker-changed")).toEqual([]);
    const { status, reasons } = await cache.health();
    expect(status).toBe("degraded");
    expect(reasons).toContainEqual({ reason: "shard-away", tier: "redis" });
    await end(gone);
    await eventually(async () => (await cache.health()).tiers[0]?.pendingRemovals === 0);
    const elsewhere = newCache().namespace(name, { load: (id) => `${id} v${version}` });
    for (const id of [...lost, ...held]) expect(await elsewhere.get(id)).toBe(`${id} v2`);
    expect(observer.of("breaker-changed")).toEqual([]);
  });
});

test("with all masters hung the breaker opens, and closes when they answer", async () => {
  await cluster.whole();
  const users = newCache().namespace("user", { load: (id) => id });
  for (let id = 0; id < 20; id++) await users.get(`${id}`);
  for (const node of cluster.nodes) node.hang();
  let id = 100;
  await eventually(async () => {
    await users.get(`${id++}`);
    return observer.of("breaker-changed").at(-1)?.state === "open";
  });
  expect(await isImmediate(users.get("cold"))).toBe(true);
  for (const node of cluster.nodes) node.resume();
  await eventually(() => observer.of("breaker-changed").at(-1)?.state === "closed");
});
