import { randomUUID } from "node:crypto";
import type { RemoteTier } from "@tiercache/core";
import { asked, type RedisServer, type SentinelGroup, startSentinels } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { echoed, listening, redisTier } from "./listening.ts";
import { call, eventually, PATIENT_MS, readOne, remove, untilDone, write } from "./servers.ts";

let group: SentinelGroup;
let primary: RedisServer;
let replica: RedisServer;
const opened: RemoteTier[] = [];

describe("of a group that Sentinels watch over", () => {
  beforeEach(async () => {
    group = await startSentinels();
    [primary, replica] = group.servers as [RedisServer, RedisServer];
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((tier) => tier.close()));
    await group.stop();
  });

  function open(commandTimeoutMs: number): RedisTier {
    const tier = redisTier(redis({ sentinel: { nodes: group.urls, group: group.group }, commandTimeoutMs }));
    opened.push(tier);
    return tier;
  }

  test("when the primary is killed a removal that the replica never heard of is known to be lost before it is read again", async () => {
    const tier = open(PATIENT_MS);
    const heard = await listening(tier, `channel:${randomUUID()}`);
    const key = randomUUID();
    await write(tier, key, "old");
    const admin = new Redis(replica.url);
    await eventually(async () => (await admin.get(key)) === "old");
    admin.disconnect();
    let losses = 0;
    let removal: Promise<void> | undefined;
    tier.onLoss(() => {
      losses++;
      removal = remove(tier, key);
    });
    // Not hung: Sentinels would take it for lost too.
    await asked(replica.port, "REPLICAOF 127.0.0.1 1");
    await tier.remove([key], { ...call, announce: "removed" });
    await heard.until("removed");
    await primary.kill();
    const read: (string | undefined)[] = [];
    await eventually(async () => {
      const frame = await readOne(tier, key).catch(() => "failed" as const);
      if (frame !== "failed") read.push(frame === undefined ? undefined : Buffer.from(frame).toString());
      return frame !== "failed";
    });
    await removal;
    expect(read).toEqual([undefined]);
    expect(losses).toBe(1);
    // What is listened to is the new primary too: an echo would not come back from the old one.
    await echoed(tier, heard);
    expect(heard.gaps).toBeGreaterThanOrEqual(2);
    expect(await group.primary()).toBe(replica);
  });

  test("a primary that is hung is given up for the new one", async () => {
    const tier = open(200);
    const heard = await listening(tier, `channel:${randomUUID()}`);
    await untilDone(() => write(tier, "a", "frame"));
    primary.hang();
    await group.failedOverFrom(primary);
    await eventually(() =>
      write(tier, "a", "again").then(
        () => true,
        () => false,
      ),
    );
    await echoed(tier, heard);
    expect(heard.gaps).toBeGreaterThanOrEqual(2);
    primary.resume();
  });
});

test("where no Sentinel is there, calls fail promptly, and closing is prompt", async () => {
  const tier = redisTier(redis({ sentinel: { nodes: ["redis://127.0.0.1:1"], group: "main" } }));
  const startedAt = performance.now();
  await expect(readOne(tier, "a")).rejects.toMatchObject({ code: "TIER_FAILED" });
  await expect(readOne(tier, "a")).rejects.toMatchObject({ cause: { code: "NOT_CONNECTED" } });
  await tier.close();
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
