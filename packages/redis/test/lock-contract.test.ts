import { fenceSuite, lockSuite } from "@tiercache/testing";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { FRESH, frameOf, placeholderOf, revision } from "./frames.ts";
import { listening, redisTier } from "./listening.ts";
import { call, eventually, onEachServer, PATIENT_MS } from "./servers.ts";

const ask = { ...call, leaseMs: 60_000, above: 0 };

onEachServer((kind) => {
  let server: RedisServer;
  let admin: Redis;
  const opened: RedisTier[] = [];

  beforeAll(async () => {
    server = await startRedis(kind === undefined ? {} : { kind });
    admin = new Redis(server.url);
    admin.on("error", () => {});
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((tier) => tier.close()));
  });

  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  const another = (): RedisTier => redisTier(redis({ url: server.url, commandTimeoutMs: PATIENT_MS }));

  function open(client?: Redis): RedisTier {
    const made = client === undefined ? another() : redisTier(redis({ client }));
    opened.push(made);
    return made;
  }

  describe("the contract of fences", () => {
    for (const { title, run } of fenceSuite(() => ({ tier: another(), another }))) test(title, run);
  });

  describe("the contract of locks", () => {
    for (const { title, run } of lockSuite(() => ({ tier: another(), another }))) test(title, run);
  });

  test("a client with settings of its own is granted locks as any other", async () => {
    for (const options of [{ keyPrefix: "prefix:" }, { stringNumbers: true }, { protocol: 3 as const }]) {
      const client = new Redis(server.url, options);
      const { lock } = open(client);
      const end = await lock.acquire("settings", { ...ask, owner: "a" });
      expect(end.isHeld && Number.isSafeInteger(end.token)).toBe(true);
      expect(await lock.acquire("settings", { ...ask, owner: "b" })).toMatchObject({ isHeld: false });
      expect(await lock.release("settings", { ...call, owner: "a" })).toBe(true);
      client.disconnect();
    }
  });

  test("a token is the server's time in µs", async () => {
    const [seconds, microseconds] = await admin.time();
    const end = await open().lock.acquire("time", { ...ask, owner: "a" });
    const token = end.isHeld ? end.token : 0;
    expect(token).toBeGreaterThanOrEqual(Number(seconds) * 1_000_000 + Number(microseconds));
    expect(token).toBeLessThan((Number(seconds) + 60) * 1_000_000);
  });

  test("the key of a lock outlives its lease by an hour, and that of one that is released too", async () => {
    const { lock } = open();
    await lock.acquire("life", { ...ask, owner: "a" });
    const hour = 60 * 60 * 1_000;
    expect(await admin.pttl("life")).toBeGreaterThan(hour);
    expect(await lock.acquire("life", { ...ask, owner: "b" })).toMatchObject({ isHeld: false });
    expect(await admin.pttl("life")).toBeGreaterThan(hour);
    expect(await admin.pttl("life")).toBeLessThanOrEqual(hour + 60_000);
    await lock.release("life", { ...call, owner: "a" });
    expect(await admin.pttl("life")).toBeGreaterThan(hour - 60_000);
  });

  test("what is no lock is left as it is, and the lock is refused with an error", async () => {
    const { lock } = open();
    await admin.rpush("list", "an element");
    await admin.set("text", "something else");
    for (const key of ["list", "text"]) {
      const failed = expect.objectContaining({ code: "TIER_FAILED" });
      await expect(lock.acquire(key, { ...ask, owner: "a" })).rejects.toEqual(failed);
      await expect(lock.prolong(key, { ...ask, owner: "a" })).rejects.toEqual(failed);
      await expect(lock.release(key, { ...call, owner: "a" })).rejects.toEqual(failed);
    }
    expect([await admin.lrange("list", 0, -1), await admin.get("text")]).toEqual([["an element"], "something else"]);
  });

  test("on a server without memory a lock can be kept and given back, and is refused with an error", async () => {
    const { lock } = open();
    await lock.acquire("full", { ...ask, owner: "a" });
    await admin.config("SET", "maxmemory-policy", "noeviction");
    await admin.config("SET", "maxmemory", "1");
    try {
      expect(await lock.prolong("full", { ...ask, owner: "a" })).toBe(true);
      expect(await lock.release("full", { ...call, owner: "a" })).toBe(true);
      const failed = expect.objectContaining({ code: "TIER_FAILED" });
      await expect(lock.acquire("other", { ...ask, owner: "a" })).rejects.toEqual(failed);
    } finally {
      await admin.config("SET", "maxmemory", "0");
    }
  });

  test("on a server without memory an invalidation succeeds, and a tombstone too", async () => {
    const { fence } = open();
    await admin.set("outdated", frameOf(revision()));
    await admin.set("buried", frameOf(revision()));
    await admin.config("SET", "maxmemory", "1");
    try {
      await fence.outdate([{ key: "outdated", revision: revision() }], call);
      const tombstone = placeholderOf(revision());
      await fence.bury([{ key: "buried", placeholder: tombstone }], { ...call, leaseMs: 60_000 });
      expect((await admin.getBuffer("outdated"))?.[4]).not.toBe(FRESH);
      expect(await admin.getBuffer("buried")).toEqual(tombstone);
    } finally {
      await admin.config("SET", "maxmemory", "0");
    }
  });

  test("a user needs no more than what is written down for locks and invalidations", async () => {
    const commands = [
      "get",
      "set",
      "unlink",
      "time",
      "info",
      "getrange",
      "setrange",
      "pexpire",
      "pttl",
      "eval",
      "evalsha",
      "publish",
    ];
    const rules = [...commands, "subscribe"].map((command) => `+${command}`);
    await admin.acl(
      "SETUSER",
      "least",
      "on",
      ">pw",
      "resetkeys",
      "resetchannels",
      "~app:*",
      "&app:*",
      "-@all",
      ...rules,
    );
    const least = redisTier(
      redis({ url: server.url.replace("redis://", "redis://least:pw@"), commandTimeoutMs: PATIENT_MS }),
    );
    opened.push(least);
    await listening(least, "app:bus");
    const key = "app:lock";
    expect(await least.lock.acquire(key, { ...ask, owner: "a" })).toMatchObject({ isHeld: true });
    expect(await least.lock.acquire(key, { ...ask, owner: "b" })).toMatchObject({ isHeld: false });
    expect(await least.lock.prolong(key, { ...ask, owner: "a" })).toBe(true);
    expect(await least.lock.release(key, { ...call, owner: "a", announce: "free" })).toBe(true);
    await admin.set("app:1", frameOf(revision()));
    await least.fence.outdate([{ key: "app:1", revision: revision() }], { ...call, announce: "stale" });
    await least.fence.bury([{ key: "app:1", placeholder: placeholderOf(revision()) }], { ...call, leaseMs: 1_000 });
  });

  test("a server that has been restarted empty grants a higher token", async () => {
    const holder = open();
    const before = await holder.lock.acquire("restart", { ...ask, owner: "a" });
    await server.restart();
    await eventually(() => holder.now() !== undefined && admin.status === "ready");
    expect(await holder.lock.prolong("restart", { ...ask, owner: "a" })).toBe(false);
    const after = await holder.lock.acquire("restart", { ...ask, owner: "b" });
    expect(after.isHeld && before.isHeld && after.token > before.token).toBe(true);
  });
});
