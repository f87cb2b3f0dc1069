import { randomUUID } from "node:crypto";
import type { RemoteTier } from "@tiercache/core";
import { type RedisCluster, type RedisServer, startRedisCluster } from "@tooling/redis-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { keySlot } from "../src/key-slot.ts";
import { eventually, PATIENT_MS, readOne, remove, write } from "./servers.ts";

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await startRedisCluster({ replicas: 0 });
});

afterAll(() => cluster.stop());

test("while a slot is moved, what reads and removes it at the same time finds nothing that was removed before", async () => {
  const [tier, other] = [0, 1].map(() => redis({ cluster: { nodes: cluster.urls }, commandTimeoutMs: PATIENT_MS })) as [
    RemoteTier,
    RemoteTier,
  ];
  const id = randomUUID();
  const key = `{${id}}`;
  let acknowledged = 0;
  const moving = new AbortController();
  const wrong: string[] = [];
  const writing = (async () => {
    for (let version = 1; !moving.signal.aborted; version++) {
      await write(tier, key, String(version));
      await remove(tier, key);
      acknowledged = version;
    }
  })();
  const reading = (async () => {
    while (!moving.signal.aborted) {
      const before = acknowledged;
      const frame = await readOne(other, key);
      const found = frame === undefined ? undefined : Buffer.from(frame).toString();
      if (found !== undefined && Number(found) <= before) wrong.push(`${found} after ${before}`);
    }
  })();
  for (let round = 0; round < 6; round++) {
    const from = await cluster.ownerOf(keySlot(key));
    const to = (await cluster.masters()).find((master) => master !== from) as RedisServer;
    const move = await cluster.beginMove(keySlot(key), to);
    const begun = acknowledged;
    await eventually(() => acknowledged > begun + 20);
    await move.moveKeys();
    // A key that is written to the old owner while it is being moved ends up at the new one.
    await eventually(async () => (await move.moveKeys()) === 0);
    await move.end();
    const ended = acknowledged;
    await eventually(() => acknowledged > ended + 20);
  }
  moving.abort();
  await Promise.all([writing, reading]);
  await Promise.all([tier.close(), other.close()]);
  expect(wrong).toEqual([]);
});
