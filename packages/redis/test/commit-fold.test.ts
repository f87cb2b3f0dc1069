import { randomUUID } from "node:crypto";
import { type Fence, FRAME_IDENTITY, type RemoteTier } from "@tiercache/core";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { frameOf, placeholderOf, revision } from "./frames.ts";
import { call, onEachServer, PATIENT_MS } from "./servers.ts";

const { stateAt, leased } = FRAME_IDENTITY;
const leaseMs = 60_000;
const ttlMs = 600_000;

onEachServer((kind) => {
  let server: RedisServer;
  let admin: Redis;
  const opened: RemoteTier[] = [];

  beforeAll(async () => {
    server = await startRedis(kind === undefined ? {} : { kind });
    admin = new Redis(server.url);
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((tier) => tier.close()));
  });

  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  function fence(): Fence {
    const tier = redis({ url: server.url, commandTimeoutMs: PATIENT_MS });
    opened.push(tier);
    if (tier.fence === undefined) throw new Error("There is no fence.");
    return tier.fence;
  }

  async function stateOf(key: string): Promise<number | undefined> {
    return (await admin.getBuffer(key))?.[stateAt];
  }

  test("of many commits in one tick each ends by itself", async () => {
    const id = randomUUID();
    const tier = fence();
    const commits = Array.from({ length: 300 }, (_, index) => ({ key: `${id}:${index}`, expected: revision() }));
    const leases = commits.map(({ key, expected }) => ({ key, placeholder: placeholderOf(expected) }));
    expect(await tier.acquire(leases, { ...call, leaseMs })).not.toContain(false);
    await admin.del(`${id}:1`);
    await admin.set(`${id}:2`, frameOf(revision()));
    await admin.del(`${id}:3`);
    await admin.rpush(`${id}:3`, "an element");
    const frames = commits.map(() => frameOf(revision()));
    const ends = commits.map(({ key, expected }, index) =>
      tier.commit(key, { ...call, expected, frame: frames[index] as Buffer, ttlMs: index === 5 ? Infinity : ttlMs }),
    );
    expect(await Promise.all(ends)).toEqual(commits.map((_, index) => ![1, 2, 3].includes(index)));
    expect(await admin.getBuffer(`${id}:299`)).toEqual(frames[299]);
    expect([await admin.exists(`${id}:1`), await admin.type(`${id}:3`)]).toEqual([0, "list"]);
    expect(await admin.pttl(`${id}:5`)).toBe(-1);
    expect(await admin.pttl(`${id}:4`)).toBeGreaterThan(ttlMs / 2);
  });

  test("commits of one tick that the server has no memory for fail by that word, and leave their leases", async () => {
    const id = randomUUID();
    const tier = fence();
    const keys = Array.from({ length: 20 }, (_, index) => ({ key: `${id}:${index}`, expected: revision() }));
    const leases = keys.map(({ key, expected }) => ({ key, placeholder: placeholderOf(expected) }));
    await tier.acquire(leases, { ...call, leaseMs });
    await admin.config("SET", "maxmemory", "1");
    const ends = await Promise.allSettled(
      keys.map(({ key, expected }) => tier.commit(key, { ...call, expected, frame: frameOf(revision()), ttlMs })),
    );
    await admin.config("SET", "maxmemory", "0");
    for (const end of ends) expect(end).toMatchObject({ reason: { code: "TIER_FAILED", cause: { code: "OOM" } } });
    expect(await Promise.all(keys.map(({ key }) => stateOf(key)))).toEqual(keys.map(() => leased));
  });
});
