import { randomUUID } from "node:crypto";
import type { RemoteTier } from "@tiercache/core";
import { asked, awaitUntil, type RedisCluster, type RedisServer, startRedisCluster } from "@tooling/redis-server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { keySlot } from "../src/key-slot.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { echoed, listening, redisTier } from "./listening.ts";
import { call, eventually, readOne, remove, untilDone, write } from "./servers.ts";

/** Far above what a prompt failure takes, far below what waiting for a failover would. */
const PROMPT_MS = 1_500;

let cluster: RedisCluster;
const opened: RemoteTier[] = [];
const killed: RedisServer[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);

beforeAll(async () => {
  process.on("unhandledRejection", onUnhandled);
  cluster = await startRedisCluster();
});

beforeEach(() => cluster.whole());

afterEach(async () => {
  await Promise.all(opened.splice(0).map((tier) => tier.close()));
  for (const node of cluster.nodes) node.resume();
  await Promise.all(killed.splice(0).map((node) => node.restart()));
  expect(unhandled).toEqual([]);
});

afterAll(async () => {
  await cluster.stop();
  process.off("unhandledRejection", onUnhandled);
});

/** Kills a node until the end of the test. */
async function kill(node: RedisServer): Promise<void> {
  killed.push(node);
  await node.kill();
}

function open(): RedisTier {
  const tier = redisTier(redis({ cluster: { nodes: cluster.urls } }));
  opened.push(tier);
  return tier;
}

/** A key on each of the masters. */
async function keysByMaster(): Promise<readonly (readonly [master: RedisServer, key: string])[]> {
  const masters = await cluster.masters();
  return Promise.all(
    masters.map(async (master) => {
      for (;;) {
        const key = randomUUID();
        if ((await cluster.ownerOf(keySlot(key))) === master) return [master, key] as const;
      }
    }),
  );
}

async function failedOver(slot: number, from: RedisServer): Promise<RedisServer> {
  await awaitUntil("another owner", async () => (await cluster.ownerOf(slot)) !== from);
  return cluster.ownerOf(slot);
}

/** Comes back when a master's replica has all of its data. */
async function replicated(master: RedisServer): Promise<void> {
  const [replica] = await cluster.replicasOf(master);
  const offset = async (node: RedisServer | undefined): Promise<string | undefined> =>
    /master_repl_offset:\d+/.exec(await asked(node?.port ?? 0, "INFO replication"))?.[0];
  await awaitUntil("a replica with all data", async () => (await offset(master)) === (await offset(replica)));
}

/** Has a replica not hear of what its master is told from now on. */
async function cutOff(replica: RedisServer, master: RedisServer): Promise<void> {
  replica.hang();
  await asked(master.port, "CLIENT KILL TYPE replica");
}

test("when a master is killed its keys fail promptly, and once a replica has taken over a loss is told before they are read", async () => {
  const tier = open();
  const [first, second] = await keysByMaster();
  const [master, key] = first as NonNullable<typeof first>;
  const [, other] = second as NonNullable<typeof second>;
  await untilDone(() => write(tier, key, "frame"));
  await untilDone(() => write(tier, other, "frame"));
  await replicated(master);
  let losses = 0;
  const order: string[] = [];
  tier.onLoss(() => {
    losses++;
    order.push("loss");
    // What a cache has to say is ahead of what comes later.
    void remove(tier, key).catch(() => {});
  });
  await kill(master);
  let longest = 0;
  await eventually(async () => {
    const startedAt = performance.now();
    const frame = await readOne(tier, key).catch(() => "failed" as const);
    longest = Math.max(longest, performance.now() - startedAt);
    if (frame === "failed") return false;
    order.push(frame === undefined ? "absent" : "found");
    return true;
  });
  expect(order).toEqual(["loss", "absent"]);
  expect(longest).toBeLessThan(PROMPT_MS);
  expect(losses).toBe(1);
  expect(await untilDone(() => readOne(tier, other))).toBeDefined();
  expect(tier.now()).toBeTypeOf("number");
});

test("a removal that the replica has never heard of is known to be lost when it takes over", async () => {
  const tier = open();
  const [first] = await keysByMaster();
  const [master, key] = first as NonNullable<typeof first>;
  const [replica] = await cluster.replicasOf(master);
  await untilDone(() => write(tier, key, "old"));
  await replicated(master);
  const lost = new Promise<void>((resolve) => {
    tier.onLoss(resolve);
  });
  await cutOff(replica as RedisServer, master);
  await untilDone(() => remove(tier, key));
  await kill(master);
  replica?.resume();
  await failedOver(keySlot(key), master);
  await lost;
  expect(Buffer.from((await untilDone(() => readOne(tier, key))) ?? []).toString()).toBe("old");
});

test("a process that is idle learns of a failover by itself", async () => {
  const tier = open();
  const [first] = await keysByMaster();
  const [master, key] = first as NonNullable<typeof first>;
  await untilDone(() => write(tier, key, "frame"));
  const lost = new Promise<void>((resolve) => {
    tier.onLoss(resolve);
  });
  await kill(master);
  await lost;
  await failedOver(keySlot(key), master);
});

test("a master that is hung is taken over from, and listened to no longer", async () => {
  const tier = open();
  const channel = `channel:${randomUUID()}`;
  const heard = await listening(tier, channel);
  await echoed(tier, heard);
  const masters = await keysByMaster();
  const listeners = await Promise.all(masters.map(([{ port }]) => asked(port, `PUBSUB NUMSUB ${channel}`)));
  const [master, key] = masters[listeners.findIndex((reply) => reply.includes(":1\r\n"))] as (typeof masters)[0];
  master.hang();
  await failedOver(keySlot(key), master);
  // An echo is through all masters, so it says that each of them is reached, and none is missing any more.
  await echoed(tier, heard);
  expect(heard.gaps).toBe(2);
  await untilDone(() => write(tier, key, "frame"));
  expect(await untilDone(() => readOne(tier, key))).toBeDefined();
});

test("a failover that an operator asks for is followed, and counts as a loss", async () => {
  const tier = open();
  const [first] = await keysByMaster();
  const [master, key] = first as NonNullable<typeof first>;
  const [replica] = await cluster.replicasOf(master);
  await untilDone(() => write(tier, key, "frame"));
  let losses = 0;
  tier.onLoss(() => losses++);
  await asked(replica?.port ?? 0, "CLUSTER FAILOVER");
  await failedOver(keySlot(key), master);
  // What was given before the loss was told would be read as if nothing had happened. The tier may also have found out by
  // itself before anything was given, so that nothing crosses the loss.
  const crossed: string[] = [];
  await eventually(async () => {
    const before = losses;
    const end = await readOne(tier, key).then(
      () => "read",
      () => "refused",
    );
    if (losses !== before) crossed.push(end);
    return losses === 1;
  });
  expect(crossed).not.toContain("read");
  expect(Buffer.from((await untilDone(() => readOne(tier, key))) ?? []).toString()).toBe("frame");
});

test("a master that is restarted without a replica taking over is a loss", async () => {
  const tier = open();
  const [, , third] = await keysByMaster();
  const [master, key] = third as NonNullable<typeof third>;
  await untilDone(() => write(tier, key, "frame"));
  let losses = 0;
  tier.onLoss(() => losses++);
  await master.restart();
  await eventually(async () => (await readOne(tier, key).catch(() => "failed")) !== "failed");
  await eventually(() => losses > 0);
  expect(losses).toBe(1);
});

test("calls under way when a master is killed end, and nothing is left unhandled", async () => {
  const tier = open();
  await listening(tier, `channel:${randomUUID()}`);
  const [first] = await keysByMaster();
  const [master, key] = first as NonNullable<typeof first>;
  const calls = Array.from({ length: 50 }, (_, index) => [
    write(tier, `{${key}}:${index}`, "frame"),
    readOne(tier, `{${key}}:${index}`),
    tier.remove([key, `${index}`], { ...call, announce: "removed" }),
    tier.bus.echo(`${index}`),
    tier.bus.publish("a message"),
  ]).flat();
  const ended = Promise.allSettled(calls);
  await kill(master);
  expect(await ended).toHaveLength(250);
});
