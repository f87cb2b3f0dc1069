import { randomUUID } from "node:crypto";
import type { RemoteTier } from "@tiercache/core";
import { type RedisCluster, type RedisServer, startRedisCluster } from "@tooling/redis-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { keySlot } from "../src/key-slot.ts";
import { call, write } from "./servers.ts";

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await startRedisCluster({ replicas: 0 });
});

afterAll(() => cluster.stop());

function open(): RemoteTier {
  return redis({ cluster: { nodes: cluster.urls }, commandTimeoutMs: 15_000 });
}

async function scanned(tier: RemoteTier, prefix: string): Promise<readonly string[]> {
  const keys = new Set<string>();
  let cursor: string | undefined;
  do {
    const step = await tier.scan?.step(prefix, { ...call, cursor });
    for (const key of step?.keys ?? []) keys.add(key);
    cursor = step?.cursor;
  } while (cursor !== undefined);
  return [...keys].toSorted();
}

test("keys of all masters are found", async () => {
  const tier = open();
  const id = randomUUID();
  const keys = Array.from({ length: 300 }, (_, index) => `${id}:${index}`).toSorted();
  await Promise.all(keys.map((key) => write(tier, key, "x")));
  expect(await scanned(tier, `${id}:`)).toEqual(keys);
  await tier.close();
});

test("while a slot moves no scan claims to have seen every key", async () => {
  const tier = open();
  const key = randomUUID();
  await write(tier, key, "x");
  const from = await cluster.ownerOf(keySlot(key));
  const to = (await cluster.masters()).find((master) => master !== from) as RedisServer;
  const first = await tier.scan?.step(key, { ...call, cursor: undefined });
  const move = await cluster.beginMove(keySlot(key), to);
  await expect(scanned(tier, key)).rejects.toMatchObject({ cause: { code: "KEYS_MOVED" } });
  await move.moveKeys();
  await move.end();
  const goingOn = async (): Promise<void> => {
    let cursor = first?.cursor;
    while (cursor !== undefined) cursor = (await tier.scan?.step(key, { ...call, cursor }))?.cursor;
  };
  await expect(goingOn()).rejects.toMatchObject({ cause: { code: "KEYS_MOVED" } });
  await tier.close();
});
