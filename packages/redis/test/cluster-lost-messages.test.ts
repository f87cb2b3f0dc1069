import { randomUUID } from "node:crypto";
import type { RemoteTier } from "@tiercache/core";
import { asked, type RedisCluster, type RedisServer, startRedisCluster } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { keySlot } from "../src/key-slot.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { echoed, listening, redisTier } from "./listening.ts";
import { call, eventually, PATIENT_MS } from "./servers.ts";

/** Until then what was lost is known by the word of its sender, and the nodes are connected again. */
const TOLD_WITHIN_MS = 3_000;

let cluster: RedisCluster;
let admins: readonly Redis[];
let channel: string;
const opened: RemoteTier[] = [];

beforeAll(async () => {
  // So patient that nodes which are cut off for a while are not given up.
  cluster = await startRedisCluster({ replicas: 0, nodeTimeoutMs: 60_000, proxied: true });
  admins = cluster.nodes.map(({ port }) => new Redis(port));
});

beforeEach(() => {
  channel = `channel:${randomUUID()}`;
});

afterEach(async () => {
  cluster.reconnect();
  await Promise.all(opened.splice(0).map((tier) => tier.close()));
});

afterAll(async () => {
  for (const admin of admins) admin.disconnect();
  await cluster.stop();
});

function open(): RedisTier {
  const tier = redisTier(redis({ cluster: { nodes: cluster.urls }, commandTimeoutMs: PATIENT_MS }));
  opened.push(tier);
  return tier;
}

/** The node that a channel is listened to on by some. */
async function listenedTo(): Promise<readonly RedisServer[]> {
  const counts = await Promise.all(admins.map(async (admin) => Number((await admin.pubsub("NUMSUB", channel))[1])));
  return cluster.nodes.filter((_, index) => (counts[index] ?? 0) > 0);
}

/** A key on another node than this one. */
async function keyApartFrom(node: RedisServer): Promise<string> {
  for (;;) {
    const key = randomUUID();
    if ((await cluster.ownerOf(keySlot(key))) !== node) return key;
  }
}

/** Whether a node is connected to all others. */
async function isLinked(node: RedisServer): Promise<boolean> {
  const nodes = await asked(node.port, "CLUSTER NODES");
  return !nodes.includes("disconnected");
}

test("a message that nodes have lost between them is told as a gap, though every connection of ours stands", async () => {
  const tier = open();
  const heard = await listening(tier, channel);
  await echoed(tier, heard);
  const [listened] = (await listenedTo()) as readonly [RedisServer];
  const publisher = open();
  await listening(publisher, channel);
  const key = await keyApartFrom(listened);
  await publisher.remove([key], { ...call, announce: "heard" });
  await heard.until("heard");
  // The sender says three times, 250 ms apart, what he has told. Where this machine takes so long that all of that is lost too, it
  // is an echo that is missing then; here none is sent, and it is tried again.
  await eventually(async () => {
    await cluster.cutOff(listened);
    await publisher.remove([key], { ...call, announce: "lost" });
    cluster.reconnect();
    const waited = eventually(() => heard.gaps === 2, TOLD_WITHIN_MS);
    return waited.then(
      () => true,
      () => false,
    );
  }, 60_000);
  expect(heard.all).not.toContain("lost");
  await eventually(async () => (await Promise.all(cluster.nodes.map(isLinked))).every(Boolean));
  await echoed(tier, heard);
});

test("while the node that is listened to is cut off from the others no echo comes back whole", async () => {
  const tier = open();
  const heard = await listening(tier, channel);
  await echoed(tier, heard);
  const [listened] = (await listenedTo()) as readonly [RedisServer];
  await cluster.cutOff(listened);
  await tier.bus.echo("lost");
  // It is given up for another node, from which the gap is told.
  await eventually(() => heard.gaps === 2);
  expect(heard.all).not.toContain("echo lost");
});
