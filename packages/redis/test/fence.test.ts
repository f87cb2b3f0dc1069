import { randomUUID } from "node:crypto";
import { type Fence, FRAME_IDENTITY, type RemoteTier } from "@tiercache/core";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { EVERY_BYTE, FRESH, frameOf, placeholderOf, revision } from "./frames.ts";
import { call, eventually, onEachServer, PATIENT_MS } from "./servers.ts";

const { stateAt, awaited, leased } = FRAME_IDENTITY;
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

  function fence(client?: Redis): Fence {
    const tier = client === undefined ? redis({ url: server.url, commandTimeoutMs: PATIENT_MS }) : redis({ client });
    opened.push(tier);
    if (tier.fence === undefined) throw new Error("There is no fence.");
    return tier.fence;
  }

  /** A key that somebody has just leased. */
  async function leasedKey(by: Fence, revisionOfLease: Uint8Array = revision()): Promise<string> {
    const key = `key:${randomUUID()}`;
    const leases = [{ key, placeholder: placeholderOf(revisionOfLease) }];
    expect(await by.acquire(leases, { ...call, leaseMs })).toEqual([true]);
    return key;
  }

  async function stateOf(key: string): Promise<number | undefined> {
    return (await admin.getBuffer(key))?.[stateAt];
  }

  test("a lease is taken where nothing is, and nowhere else", async () => {
    const id = randomUUID();
    const [mine, theirs] = [revision(), revision()];
    const tier = fence();
    await admin.rpush(`${id}:list`, "an element");
    await admin.set(`${id}:empty`, "");
    const names = ["a", "list", "b", "empty"];
    const leases = names.map((name) => ({ key: `${id}:${name}`, placeholder: placeholderOf(mine) }));
    expect(await tier.acquire(leases, { ...call, leaseMs })).toEqual([true, false, true, false]);
    const again = leases.map(({ key }) => ({ key, placeholder: placeholderOf(theirs) }));
    expect(await fence().acquire(again, { ...call, leaseMs })).toEqual([false, false, false, false]);
    expect(await admin.getBuffer(`${id}:a`)).toEqual(placeholderOf(mine));
    expect(await admin.lrange(`${id}:list`, 0, -1)).toEqual(["an element"]);
    expect(await admin.get(`${id}:empty`)).toBe("");
    const life = await admin.pttl(`${id}:b`);
    expect(life).toBeGreaterThan(leaseMs / 2);
    expect(life).toBeLessThanOrEqual(leaseMs);
    expect(await tier.acquire(leases.slice(1, 2), { ...call, leaseMs })).toEqual([false]);
    expect(await tier.acquire([], { ...call, leaseMs })).toEqual([]);
  });

  test("of two who want the same leases at once, exactly one gets each", async () => {
    const id = randomUUID();
    const leases = Array.from({ length: 200 }, (_, index) => ({
      key: `${id}:${index}`,
      placeholder: placeholderOf(revision()),
    }));
    const wanting = [fence(), fence(), fence(admin)];
    const one = leases.map((lease) => [lease]);
    const all = await Promise.all([
      ...wanting.map((tier) => tier.acquire(leases, { ...call, leaseMs })),
      // And one at a time, while the others ask for all.
      Promise.all(one.map((lease) => (wanting[0] as Fence).acquire(lease, { ...call, leaseMs }))).then((won) =>
        won.flat(),
      ),
    ]);
    const winners = leases.map((_, index) => all.filter((won) => won[index]).length);
    expect(winners).toEqual(leases.map(() => 1));
  });

  test("a lease ends by itself, and a commit after that is refused and leaves nothing", async () => {
    const tier = fence();
    const [expected, key] = [revision(), `key:${randomUUID()}`];
    await tier.acquire([{ key, placeholder: placeholderOf(expected) }], { ...call, leaseMs: 0.5 });
    await eventually(async () => (await admin.exists(key)) === 0);
    expect(await tier.commit(key, { ...call, expected, frame: frameOf(revision()), ttlMs })).toBe(false);
    expect(await tier.release(key, { ...call, expected })).toBe(false);
    expect(await tier.wait(key, expected, call)).toBe(false);
    expect(await admin.exists(key)).toBe(0);
    expect(await fence().acquire([{ key, placeholder: placeholderOf(revision()) }], { ...call, leaseMs })).toEqual([
      true,
    ]);
  });

  test("a commit puts its frame in the place of the placeholder, byte by byte, with its life", async () => {
    const tier = fence();
    for (const [life, least, most] of [
      [ttlMs, ttlMs / 2, ttlMs],
      [ttlMs - 0.5, ttlMs / 2, ttlMs],
      [Number.POSITIVE_INFINITY, -1, -1],
      [Number.MAX_VALUE, -1, -1],
    ] as const) {
      const expected = revision();
      const key = await leasedKey(tier, expected);
      const frame = frameOf(revision());
      expect(await tier.commit(key, { ...call, expected, frame, ttlMs: life })).toBe(true);
      expect(await admin.getBuffer(key)).toEqual(frame);
      const left = await admin.pttl(key);
      expect(left).toBeGreaterThanOrEqual(least);
      expect(left).toBeLessThanOrEqual(most);
    }
  });

  test.each([
    ["zeros", Buffer.alloc(16)],
    ["what ends a line of the protocol", Buffer.alloc(16, "\r\n$-1\r\n*0")],
    ["what means something in a pattern", Buffer.alloc(16, "%a.*[^]$()+-?%z")],
    ["bytes that are no text", Buffer.from(EVERY_BYTE.subarray(240))],
  ])("a revision of %s is found, and one that differs in a bit is not", async (_, expected) => {
    const tier = fence();
    const key = await leasedKey(tier, expected);
    for (const at of [0, 7, 15]) {
      const other = Buffer.from(expected);
      other[at] = (other[at] ?? 0) ^ 1;
      expect(await tier.commit(key, { ...call, expected: other, frame: frameOf(other), ttlMs })).toBe(false);
      expect(await tier.release(key, { ...call, expected: other })).toBe(false);
      expect(await tier.wait(key, other, call)).toBe(false);
    }
    expect(await admin.getBuffer(key)).toEqual(placeholderOf(expected));
    expect(await tier.wait(key, expected, call)).toBe(true);
    expect(await tier.commit(key, { ...call, expected, frame: frameOf(revision()), ttlMs })).toBe(true);
  });

  test("a commit after a removal is refused, and so is one after another lease of the same key", async () => {
    const [holder, other] = [fence(), fence()];
    const expected = revision();
    const key = await leasedKey(holder, expected);
    await opened[1]?.remove([key], call);
    expect(await holder.commit(key, { ...call, expected, frame: frameOf(revision()), ttlMs })).toBe(false);
    const theirs = revision();
    await other.acquire([{ key, placeholder: placeholderOf(theirs) }], { ...call, leaseMs });
    expect(await holder.commit(key, { ...call, expected, frame: frameOf(revision()), ttlMs })).toBe(false);
    expect(await admin.getBuffer(key)).toEqual(placeholderOf(theirs));
    expect(await other.commit(key, { ...call, expected: theirs, frame: frameOf(revision()), ttlMs })).toBe(true);
  });

  test("a frame is replaced by who has seen it, unless another one has taken its place meanwhile", async () => {
    const tier = fence();
    const key = `key:${randomUUID()}`;
    const [seen, next, late] = [revision(), revision(), revision()];
    await admin.set(key, frameOf(seen));
    const replace = (by: Buffer): Promise<boolean> =>
      tier.commit(key, { ...call, expected: seen, frame: frameOf(by), ttlMs });
    expect(await Promise.all([replace(next), replace(late)])).toEqual([true, false]);
    expect(await admin.getBuffer(key)).toEqual(frameOf(next));
  });

  test("what is too short, or no bytes at all, is not there", async () => {
    const tier = fence();
    const expected = Buffer.alloc(16);
    const id = randomUUID();
    const values = { empty: "", one: "\0", short: "\0".repeat(23), enough: "\0".repeat(24) };
    for (const [name, value] of Object.entries(values)) await admin.set(`${id}:${name}`, value);
    await admin.rpush(`${id}:list`, "an element");
    await admin.hset(`${id}:hash`, "field", "value");
    for (const name of ["absent", "empty", "one", "short", "list", "hash"]) {
      const key = `${id}:${name}`;
      const before = await admin.dumpBuffer(key);
      for (const wanted of [expected, new Uint8Array(0)]) {
        expect(await tier.commit(key, { ...call, expected: wanted, frame: frameOf(revision()), ttlMs })).toBe(false);
        expect(await tier.release(key, { ...call, expected: wanted })).toBe(false);
        expect(await tier.wait(key, wanted, call)).toBe(false);
      }
      expect(await admin.dumpBuffer(key)).toEqual(before);
    }
    expect(await tier.commit(`${id}:enough`, { ...call, expected, frame: frameOf(revision()), ttlMs })).toBe(true);
  });

  test("to wait marks the placeholder and leaves the rest, its life and its holder's right as they are", async () => {
    const [holder, waiter] = [fence(), fence()];
    const expected = revision();
    const key = await leasedKey(holder, expected);
    await admin.pexpire(key, 30_000);
    expect(await waiter.wait(key, expected, call)).toBe(true);
    expect(await waiter.wait(key, expected, call)).toBe(true);
    expect(await admin.getBuffer(key)).toEqual(frameOf(expected, awaited, new Uint8Array(0)));
    const life = await admin.pttl(key);
    expect(life).toBeGreaterThan(15_000);
    expect(life).toBeLessThanOrEqual(30_000);
    expect(await holder.commit(key, { ...call, expected, frame: frameOf(revision()), ttlMs })).toBe(true);
    expect(await waiter.wait(key, expected, call)).toBe(false);
    expect(await stateOf(key)).toBe(FRESH);
  });

  test("nobody waits for a frame that holds a value", async () => {
    const tier = fence();
    const key = `key:${randomUUID()}`;
    const seen = revision();
    await admin.set(key, frameOf(seen));
    expect(await tier.wait(key, seen, call)).toBe(false);
    expect(await admin.getBuffer(key)).toEqual(frameOf(seen));
  });

  test("a lease that is given up is gone, and only for its holder", async () => {
    const tier = fence();
    const expected = revision();
    const key = await leasedKey(tier, expected);
    expect(await tier.release(key, { ...call, expected: revision() })).toBe(false);
    expect(await stateOf(key)).toBe(leased);
    expect(await tier.release(key, { ...call, expected })).toBe(true);
    expect(await admin.exists(key)).toBe(0);
    expect(await tier.release(key, { ...call, expected })).toBe(false);
  });
});
