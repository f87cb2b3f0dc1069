import { afterAll, beforeAll, expect, test } from "vitest";
import { awaitUntil } from "./await-until.ts";
import { type RedisCluster, startRedisCluster } from "./redis-cluster.ts";
import { ask, asked } from "./wire.ts";

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
});

afterAll(() => cluster.stop());

test("three masters share the slots, and each has a replica", async () => {
  const masters = await cluster.masters();
  expect(masters).toEqual(cluster.nodes.slice(0, 3));
  expect(await Promise.all([0, 16_383].map((slot) => cluster.ownerOf(slot)))).toEqual([masters[0], masters[2]]);
  const replicas = await Promise.all(masters.map((master) => cluster.replicasOf(master)));
  expect(replicas.flat()).toEqual(cluster.nodes.slice(3));
});

test("a slot is moved with its keys: first ASK, then MOVED", async () => {
  const [from, to] = await cluster.masters();
  if (from === undefined || to === undefined) throw new Error("There are no masters.");
  const slot = Number(await asked(from.port, "CLUSTER KEYSLOT {06S}"));
  expect(await cluster.ownerOf(slot)).toBe(from);
  await asked(from.port, "SET {06S}:1 one");
  const move = await cluster.beginMove(slot, to);
  expect(await asked(from.port, "GET {06S}:1")).toContain("one");
  await expect(asked(from.port, "GET {06S}:2")).rejects.toThrow(`ASK ${slot} 127.0.0.1:${to.port}`);
  expect(await move.moveKeys()).toBe(1);
  await move.end();
  await expect(asked(from.port, "GET {06S}:1")).rejects.toThrow(`MOVED ${slot} 127.0.0.1:${to.port}`);
  expect(await asked(to.port, "GET {06S}:1")).toContain("one");
  await awaitUntil("the new owner known to all", async () => (await cluster.ownerOf(slot)) === to);
});

test("a replica takes over from a master that is killed, and the old master comes back as its replica", async () => {
  const slot = 1_000;
  const master = await cluster.ownerOf(slot);
  const [replica] = await cluster.replicasOf(master);
  await master.kill();
  await awaitUntil("another owner", async () => (await cluster.ownerOf(slot)) === replica);
  await master.restart();
  await cluster.whole();
  expect(await cluster.replicasOf(await cluster.ownerOf(slot))).toEqual([master]);
});

test("stopping ends all of it", async () => {
  const ports = cluster.nodes.map(({ port }) => port);
  await cluster.stop();
  for (const port of ports) await expect(ask(port, ["PING"], 5_000)).rejects.toThrow("ECONNREFUSED");
});
