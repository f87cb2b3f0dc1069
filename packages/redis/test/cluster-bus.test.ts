import { randomUUID } from "node:crypto";
import type { RemoteTier } from "@tiercache/core";
import { LinkProxy, type RedisCluster, type RedisServer, startRedisCluster } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { clusterText } from "../src/cluster-message.ts";
import { redis } from "../src/index.ts";
import { keySlot } from "../src/key-slot.ts";
import type { ClusterPlaces } from "../src/redis-options.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { echoed, type Heard, listening, redisTier } from "./listening.ts";
import { call, eventually, PATIENT_MS, untilDone, write } from "./servers.ts";

/** For tiers that give a call up soon. */
const PROMPT_MS = 200;

let cluster: RedisCluster;
let admins: readonly Redis[];
let channel: string;
const opened: RemoteTier[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);

beforeAll(async () => {
  process.on("unhandledRejection", onUnhandled);
  // So patient that a node which hangs for some seconds is not given up.
  cluster = await startRedisCluster({ replicas: 0, nodeTimeoutMs: 60_000 });
  admins = cluster.nodes.map(({ port }) => new Redis(port));
});

beforeEach(() => {
  channel = `channel:${randomUUID()}`;
});

afterEach(async () => {
  for (const node of cluster.nodes) node.resume();
  await Promise.all(opened.splice(0).map((tier) => tier.close()));
  expect(unhandled).toEqual([]);
});

afterAll(async () => {
  for (const admin of admins) admin.disconnect();
  await cluster.stop();
  process.off("unhandledRejection", onUnhandled);
});

function open(commandTimeoutMs: number = PATIENT_MS, places: ClusterPlaces = { nodes: cluster.urls }): RedisTier {
  const tier = redisTier(redis({ cluster: places, commandTimeoutMs }));
  opened.push(tier);
  return tier;
}

/** A tier whose connection to each node goes through a proxy. */
async function openThroughProxies(): Promise<{ readonly tier: RedisTier; readonly proxies: readonly LinkProxy[] }> {
  const proxies = cluster.nodes.map(({ port }) => new LinkProxy(port));
  const nodes = await Promise.all(proxies.map((proxy) => proxy.open()));
  const natMap = Object.fromEntries(
    cluster.nodes.map(({ port }, index) => [
      `127.0.0.1:${port}`,
      { host: "127.0.0.1", port: proxies[index]?.port ?? 0 },
    ]),
  );
  return { tier: open(PATIENT_MS, { nodes, natMap }), proxies };
}

/** The node that a channel is listened to on. */
async function listenedTo(): Promise<RedisServer> {
  const counts = await Promise.all(admins.map(async (admin) => Number((await admin.pubsub("NUMSUB", channel))[1])));
  return cluster.nodes[counts.indexOf(1)] as RedisServer;
}

test("an echo is behind everything that was announced before it was sent, by whomever and through whichever node", async () => {
  const tier = open();
  const heard = await listening(tier, channel);
  const publishers = [open(), open(), tier];
  for (const by of publishers.slice(0, 2)) await listening(by, channel);
  /** What had been acknowledged when each echo was sent. */
  const before = new Map<string, number>();
  const acknowledged: string[] = [];
  const announcing = publishers.map(async (by, publisher) => {
    for (let round = 0; round < 30; round++) {
      const burst = Array.from({ length: 20 }, async (_, index) => {
        const text = `${publisher}:${round}:${index}`;
        if (index % 3 === 0) await by.bus.publish(text);
        else if (index % 3 === 1) await by.remove([text], { ...call, announce: text });
        else await by.remove([text, `${text}:too`, `${text}:three`], { ...call, announce: text });
        acknowledged.push(text);
      });
      await Promise.all(burst);
    }
  });
  const echoing = (async () => {
    for (let nonce = 0; acknowledged.length < 1_800; nonce++) {
      before.set(`echo ${nonce}`, acknowledged.length);
      await tier.bus.echo(String(nonce));
    }
  })();
  await Promise.all([...announcing, echoing]);
  await heard.until(`echo ${before.size - 1}`);
  const seen = new Set<string>();
  let late = 0;
  for (const one of heard.all) {
    const count = before.get(one);
    if (count === undefined) seen.add(one);
    else late += acknowledged.slice(0, count).filter((text) => !seen.has(text)).length;
  }
  expect(before.size).toBeGreaterThan(20);
  expect(late).toBe(0);
  expect(heard.gaps).toBe(1);
});

test("a removal on several nodes is announced once, and found done by who hears of it", async () => {
  const [tier, other] = [open(), open()];
  await listening(tier, channel);
  const heard = await listening(other, channel);
  const found: Promise<boolean>[] = [];
  const keys = Array.from({ length: 60 }, () => randomUUID());
  const message = heard.message.bind(heard);
  heard.message = (text) => {
    message(text);
    found.push(other.readMany(keys, call).then((frames) => frames.some((frame) => frame !== undefined)));
  };
  for (let round = 0; round < 10; round++) {
    await Promise.all(keys.map((key) => write(tier, key, "frame")));
    await tier.remove(keys, { ...call, announce: `removed ${round}` });
    await heard.until(`removed ${round}`);
    await Promise.all(found);
  }
  expect(await Promise.all(found)).toEqual(Array.from({ length: 10 }, () => false));
});

test("a removal on several nodes begins with one that tells of it: where that fails nothing is removed unheard", async () => {
  const [tier, patient] = [open(PROMPT_MS), open()];
  await listening(tier, channel);
  const keys = Array.from({ length: 60 }, () => randomUUID());
  await Promise.all(keys.map((key) => write(patient, key, "frame")));
  const first = await cluster.ownerOf(keySlot(keys[0] as string));
  first.hang();
  await expect(tier.remove(keys, { ...call, announce: "unheard" })).rejects.toMatchObject({ code: "TIER_FAILED" });
  first.resume();
  const frames = await untilDone(() => tier.readMany(keys, call));
  const lost = keys.filter((_, index) => frames[index] === undefined);
  for (const key of lost) expect(await cluster.ownerOf(keySlot(key))).toBe(first);
});

test("what was announced and has not come is told as a gap, though every connection stands", async () => {
  const tier = open();
  const heard = await listening(tier, channel);
  await echoed(tier, heard);
  await admins[0]?.publish(channel, clusterText({ kind: "whole", by: "other", number: 7, text: "heard" }));
  // As its sender says, there were others; nodes have lost them on their way.
  await admins[1]?.publish(channel, clusterText({ kind: "told", by: "other", ranges: [[6, 8]] }));
  await eventually(() => heard.gaps === 2);
  await echoed(tier, heard);
  expect(heard.all.filter((one) => !one.startsWith("echo"))).toEqual(["gap", "heard", "gap"]);
});

test("after much was announced, also what failed and was refused, nothing is missed by anybody", async () => {
  const [tier, other] = [open(), open()];
  const heard = [await listening(tier, channel), await listening(other, channel)];
  const [expected, header] = [Buffer.from("ab"), Buffer.from("xy")];
  const call60s = { ...call, ttlMs: 60_000 };
  for (let round = 0; round < 40; round++) {
    const key = randomUUID();
    await write(tier, key, "other");
    expect(await tier.renew(key, { ...call60s, expected, header, announce: "refused" })).toBe(false);
    await tier.write(key, Buffer.from("frame"), { ...call60s, announce: `written ${round}` });
  }
  // As long as a node refuses its part of it, nobody is told that it was done.
  for (const admin of admins) await admin.config("SET", "maxmemory", "1");
  const refused = tier.write(randomUUID(), Buffer.from("frame"), { ...call60s, announce: "failed" });
  await expect(refused).rejects.toMatchObject({ cause: { code: "OOM" } });
  for (const admin of admins) await admin.config("SET", "maxmemory", "0");
  for (const by of heard) {
    await by.until("written 39");
    // Longer than anything may be late.
    const told = by.all.length;
    await echoed(tier, heard[0] as Heard);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(by.all.slice(told)).not.toContain("gap");
    expect(by.gaps).toBe(1);
  }
});

test("an echo that one node does not hand on never comes, and another node is listened to", async () => {
  const { tier, proxies } = await openThroughProxies();
  const heard = await listening(tier, channel);
  await echoed(tier, heard);
  const [link] = proxies.flatMap((proxy) => proxy.subscribers);
  link?.drop("answered");
  await eventually(async () => {
    await tier.bus.echo("lost").catch(() => {});
    return heard.gaps === 2;
  });
  expect(link?.isOpen).toBe(false);
  await echoed(tier, heard);
  for (const proxy of proxies) proxy.close();
});

test("while a node hangs no echo comes, as nobody knows what is announced there", async () => {
  const tier = open(PROMPT_MS);
  const heard = await listening(tier, channel);
  await echoed(tier, heard);
  const listened = await listenedTo();
  const hung = cluster.nodes.find((node) => node !== listened) as RedisServer;
  hung.hang();
  for (let nonce = 0; nonce < 5; nonce++) {
    await expect(tier.bus.echo(`lost ${nonce}`)).rejects.toMatchObject({ code: "TIER_FAILED" });
  }
  expect(heard.all.filter((one) => one.startsWith("echo lost"))).toEqual([]);
  hung.resume();
  await echoed(tier, heard);
  expect(heard.gaps).toBe(1);
});

test("a message of a later version is taken for a gap", async () => {
  const tier = open();
  const heard = await listening(tier, channel);
  await admins[0]?.publish(channel, "tiercache-cluster:2 whole a 1\ntext");
  await eventually(() => heard.gaps === 2);
  await admins[0]?.publish(channel, "somebody else's");
  await heard.until("somebody else's");
});
