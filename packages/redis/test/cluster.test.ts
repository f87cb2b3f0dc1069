import { randomUUID } from "node:crypto";
import type { RemoteTier } from "@tiercache/core";
import { asked, LinkProxy, type RedisCluster, type RedisServer, startRedisCluster } from "@tooling/redis-server";
import { Cluster, Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { keySlot } from "../src/key-slot.ts";
import type { RedisOptions } from "../src/redis-options.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { frameOf, placeholderOf, revision } from "./frames.ts";
import { listening, redisTier } from "./listening.ts";
import { call, eventually, readOne, remove, write } from "./servers.ts";

const ttlMs = 600_000;
const leaseMs = 60_000;

let cluster: RedisCluster;
const opened: RemoteTier[] = [];
let id: string;

beforeAll(async () => {
  cluster = await startRedisCluster({ replicas: 0 });
});

beforeEach(() => {
  id = randomUUID();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((tier) => tier.close()));
});

afterAll(() => cluster.stop());

function open(options: RedisOptions = { cluster: { nodes: cluster.urls }, commandTimeoutMs: 15_000 }): RedisTier {
  const tier = redisTier(redis(options));
  opened.push(tier);
  return tier;
}

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${id}:${index}`);
}

async function textOf(tier: RemoteTier, key: string): Promise<string | undefined> {
  const frame = await readOne(tier, key);
  return frame === undefined ? undefined : Buffer.from(frame).toString();
}

/** The master that a key is to be moved to, and some slot's move to it. */
async function moveOf(key: string) {
  const from = await cluster.ownerOf(keySlot(key));
  const to = (await cluster.masters()).find((master) => master !== from) as RedisServer;
  return { from, to, move: await cluster.beginMove(keySlot(key), to) };
}

test("each key lies on the node that the servers themselves say", async () => {
  const tier = open();
  const keys = [...names(300), `{${id}}`, `a{${id}}b`, `{}${id}`, `ключ:${id}`, `🙂${id}`];
  await Promise.all(keys.map((key) => write(tier, key, key)));
  const found = await tier.readMany(keys, call);
  expect(found.map((frame) => Buffer.from(frame ?? []).toString())).toEqual(keys);
  const counts = await Promise.all(cluster.nodes.map(({ port }) => asked(port, "DBSIZE")));
  expect(counts.map(Number).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(keys.length);
  expect(counts.every((count) => Number(count) > 50)).toBe(true);
  await tier.remove(keys, call);
  expect((await tier.readMany(keys, call)).every((frame) => frame === undefined)).toBe(true);
});

test("a slot on its way, and one that has moved, are followed by every operation, and nothing is lost", async () => {
  const tier = open();
  const losses: string[] = [];
  tier.onLoss(() => losses.push("loss"));
  const [held, leased, awaited, absent] = ["held", "leased", "awaited", "absent"].map((name) => `{${id}}:${name}`) as [
    string,
    string,
    string,
    string,
  ];
  const [expected, other] = [revision(), revision()];
  await write(tier, held, "held");
  const leases = [leased, awaited].map((key) => ({ key, placeholder: placeholderOf(expected) }));
  expect(await tier.fence.acquire(leases, { ...call, leaseMs })).toEqual([true, true]);
  const { to, move } = await moveOf(id);
  await asked(to.port, "SCRIPT FLUSH");
  expect(await textOf(tier, held)).toBe("held");
  expect(await readOne(tier, absent)).toBeUndefined();
  await move.moveKeys();
  expect(await textOf(tier, held)).toBe("held");
  expect(await tier.fence.wait(awaited, expected, call)).toBe(true);
  const frame = frameOf(other);
  expect(await tier.fence.commit(leased, { ...call, expected, frame, ttlMs })).toBe(true);
  expect(await tier.fence.commit(leased, { ...call, expected, frame, ttlMs })).toBe(false);
  expect(await tier.fence.acquire([{ key: absent, placeholder: frame }], { ...call, leaseMs })).toEqual([true]);
  await move.end();
  expect(await textOf(tier, held)).toBe("held");
  const header = frame.subarray(0, 24);
  expect(await tier.renew(leased, { ...call, expected: header, header, ttlMs })).toBe(true);
  expect(await tier.fence.release(awaited, { ...call, expected })).toBe(true);
  await remove(tier, held, leased, absent);
  expect((await tier.readMany([held, leased, awaited, absent], call)).some(Boolean)).toBe(false);
  expect(losses).toEqual([]);
});

test("keys of one slot that lie on two nodes while it moves are read and removed all the same", async () => {
  const [tier, other] = [open(), open()];
  const channel = `channel:${id}`;
  const [own, heard] = [await listening(tier, channel), await listening(other, channel)];
  const keys = names(10).map((name) => `{${id}}${name}`);
  await Promise.all(keys.map((key) => write(tier, key, key)));
  const { move } = await moveOf(id);
  expect(await move.moveKeys(4)).toBe(4);
  const found = await tier.readMany([...keys, "elsewhere"], call);
  expect(found.slice(0, -1).map((frame) => Buffer.from(frame ?? []).toString())).toEqual(keys);
  await tier.remove([...keys, "elsewhere"], { ...call, announce: "removed" });
  expect((await other.readMany(keys, call)).some(Boolean)).toBe(false);
  for (const by of [own, heard]) await by.until("removed");
  await move.end();
  expect((await tier.readMany(keys, call)).some(Boolean)).toBe(false);
});

test("commands of one key keep their order, wherever its slot goes meanwhile", async () => {
  const tier = open();
  for (let round = 0; round < 5; round++) {
    const tag = `${id}${round}`;
    const keys = Array.from({ length: 20 }, (_, index) => `{${tag}}:${index}`);
    await write(tier, keys[0] as string, "before");
    const { move } = await moveOf(tag);
    if (round % 2 === 0) await move.moveKeys();
    if (round % 2 === 0) await move.end();
    const sent: Promise<void>[] = [];
    for (const key of keys) sent.push(write(tier, key, "first"), remove(tier, key));
    // Some of it at every moment of what becomes of the earlier ones.
    for (const [index, key] of keys.entries()) {
      for (let step = 0; step < index; step++) await Promise.resolve();
      if (index % 4 === 0) await new Promise(setImmediate);
      sent.push(write(tier, key, "second"), remove(tier, key), write(tier, key, "last"));
    }
    await Promise.all(sent);
    expect(await Promise.all(keys.map((key) => textOf(tier, key)))).toEqual(keys.map(() => "last"));
    if (round % 2 === 1) {
      await move.moveKeys();
      await move.end();
    }
  }
});

test("a cluster is reached at other addresses than its own", async () => {
  const proxies = cluster.nodes.map(({ port }) => new LinkProxy(port));
  const urls = await Promise.all(proxies.map((proxy) => proxy.open()));
  const natMap = Object.fromEntries(
    cluster.nodes.map(({ port }, index) => [
      `127.0.0.1:${port}`,
      { host: "127.0.0.1", port: proxies[index]?.port ?? 0 },
    ]),
  );
  const client = new Cluster([...urls], { natMap });
  for (const tier of [open({ cluster: { nodes: urls.slice(0, 1), natMap } }), open({ client })]) {
    const keys = names(30);
    await Promise.all(keys.map((key) => write(tier, key, key)));
    expect((await tier.readMany(keys, call)).every(Boolean)).toBe(true);
    await tier.close();
  }
  client.disconnect();
  expect(proxies.every((proxy) => proxy.links.some((link) => link.sent.includes(id)))).toBe(true);
  for (const proxy of proxies) proxy.close();
});

test("a user needs no more than what is written down", async () => {
  const commands = [
    "get",
    "mget",
    "set",
    "unlink",
    "time",
    "info",
    "getrange",
    "setrange",
    "persist",
    "pexpire",
    "pttl",
  ];
  const rules = [...commands, "eval", "evalsha", "publish", "subscribe", "cluster|slots", "asking"].map(
    (word) => `+${word}`,
  );
  const user = `~${id}:* ~{${id}}* &${id}:* -@all ${rules.join(" ")}`;
  for (const { port } of cluster.nodes) {
    await asked(port, `ACL SETUSER least on >pw resetkeys resetchannels ${user}`);
  }
  const nodes = cluster.urls.map((url) => url.replace("redis://", "redis://least:pw@"));
  const tier = open({ cluster: { nodes } });
  const heard = await listening(tier, `${id}:bus`);
  const keys = names(20);
  const moving = [`{${id}}:1`, `{${id}}:2`];
  const { move } = await moveOf(id);
  await Promise.all([...keys, ...moving].map((key) => write(tier, key, key)));
  await tier.remove([...keys, ...moving], { ...call, announce: "removed" });
  await heard.until("removed");
  await tier.bus.echo("1");
  await heard.until("echo 1");
  await move.end();
  expect(heard.gaps).toBe(1);
});

test("where no node was ever there, calls fail promptly, and closing is prompt", async () => {
  const tier = open({ cluster: { nodes: ["redis://127.0.0.1:1", "redis://127.0.0.1:2"] } });
  const refusal = { code: "TIER_FAILED", cause: { code: "NOT_CONNECTED" } };
  const startedAt = performance.now();
  await expect(readOne(tier, "a")).rejects.toMatchObject(refusal);
  await expect(write(tier, "a", "frame")).rejects.toMatchObject(refusal);
  await expect(tier.remove(["a", "b"], call)).rejects.toMatchObject(refusal);
  expect(tier.now()).toBeUndefined();
  await tier.close();
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

test("after closing no connection is left, and a Cluster handed in stays as it was", async () => {
  const admins = cluster.nodes.map(({ port }) => new Redis(port));
  const connections = async (): Promise<number> => {
    const lists = await Promise.all(admins.map((admin) => admin.client("LIST")));
    return lists.join("").trim().split("\n").length;
  };
  const client = new Cluster([...cluster.urls]);
  await client.set(id, "before");
  await Promise.all(client.nodes().map((node) => node.ping()));
  const before = await connections();
  const tier = open({ client });
  await listening(tier, `channel:${id}`);
  expect(await connections()).toBeGreaterThan(before);
  await tier.close();
  await eventually(async () => (await connections()) === before);
  expect(await client.get(id)).toBe("before");
  client.disconnect();
  for (const admin of admins) admin.disconnect();
});
