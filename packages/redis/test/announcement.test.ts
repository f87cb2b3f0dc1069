import { randomUUID } from "node:crypto";
import type { RemoteTier } from "@tiercache/core";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { RedisTier } from "../src/redis-tier.ts";
import { frameOf, placeholderOf, revision } from "./frames.ts";
import { call, eventually, onEachServer, PATIENT_MS, write } from "./servers.ts";

const ttlMs = 600_000;
const leaseMs = 60_000;

onEachServer((kind) => {
  let server: RedisServer;
  let admin: Redis;
  let observer: Redis;
  let channel: string;
  /** What an observer of the channel has heard, and what the key held at that moment. */
  let heard: string[];
  const opened: RemoteTier[] = [];

  beforeAll(async () => {
    server = await startRedis(kind === undefined ? {} : { kind });
    admin = new Redis(server.url);
  });

  beforeEach(async () => {
    channel = `channel:${randomUUID()}`;
    heard = [];
    observer = new Redis(server.url);
    observer.on("message", (_, text: string) => heard.push(text));
    await observer.subscribe(channel);
  });

  afterEach(async () => {
    observer.disconnect();
    await Promise.all(opened.splice(0).map((tier) => tier.close()));
    await admin.config("SET", "maxmemory", "0");
  });

  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  /** A tier that announces on the channel. */
  async function announcing(client?: Redis): Promise<RedisTier> {
    const tier = client === undefined ? redis({ url: server.url, commandTimeoutMs: PATIENT_MS }) : redis({ client });
    if (!(tier instanceof RedisTier)) throw new Error("It is no Redis tier.");
    opened.push(tier);
    await new Promise<void>((resolve) => {
      tier.bus.listen(channel, { message() {}, echo() {}, gap: resolve });
    });
    return tier;
  }

  /** All that has been announced so far: a message of our own comes behind it. */
  async function announced(): Promise<readonly string[]> {
    const last = `last:${randomUUID()}`;
    await admin.publish(channel, last);
    await eventually(() => heard.at(-1) === last);
    return heard.filter((text) => !text.startsWith("last:"));
  }

  async function leasedKey(tier: RedisTier, expected: Uint8Array, isAwaited: boolean): Promise<string> {
    const key = `key:${randomUUID()}`;
    await tier.fence.acquire([{ key, placeholder: placeholderOf(expected) }], { ...call, leaseMs });
    if (isAwaited) expect(await tier.fence.wait(key, expected, call)).toBe(true);
    return key;
  }

  test("a write and a removal are announced, and only if they are to be", async () => {
    const tier = await announcing();
    const key = `key:${randomUUID()}`;
    const frame = frameOf(revision());
    await tier.write(key, frame, { ...call, ttlMs, announce: "written" });
    expect(await admin.getBuffer(key)).toEqual(frame);
    expect(await admin.pttl(key)).toBeGreaterThan(ttlMs / 2);
    await tier.write(key, frame, { ...call, ttlMs: Number.POSITIVE_INFINITY, announce: "written for ever" });
    expect(await admin.pttl(key)).toBe(-1);
    await tier.remove([key], { ...call, announce: "removed" });
    expect(await admin.exists(key)).toBe(0);
    await tier.remove([key], { ...call, announce: "removed what was not there" });
    await tier.write(key, frame, { ...call, ttlMs });
    await tier.remove([key], call);
    expect(await announced()).toEqual(["written", "written for ever", "removed", "removed what was not there"]);
  });

  test("who hears of a change finds it done", async () => {
    const tier = await announcing();
    const key = `key:${randomUUID()}`;
    const found: Promise<number>[] = [];
    observer.on("message", () => found.push(admin.exists(key)));
    await tier.write(key, frameOf(revision()), { ...call, ttlMs, announce: "written" });
    await eventually(() => found.length === 1);
    // On another connection: it might come behind the removal otherwise.
    await found[0];
    await tier.remove([key], { ...call, announce: "removed" });
    await eventually(() => found.length === 2);
    expect(await Promise.all(found)).toEqual([1, 0]);
  });

  test("any number of keys is removed and announced once", async () => {
    const tier = await announcing();
    const id = randomUUID();
    const keys = Array.from({ length: 25_000 }, (_, index) => `${id}:${index}`);
    await admin.mset(keys.flatMap((key) => [key, "frame"]));
    await tier.remove(keys, { ...call, announce: "removed" });
    expect((await admin.mget(keys)).every((value) => value === null)).toBe(true);
    expect(await announced()).toEqual(["removed"]);
  });

  test("writes and removals keep their order, also where the server knows no script", async () => {
    const tier = await announcing();
    const id = randomUUID();
    const rounds = Array.from({ length: 20 }, (_, index) => `${id}:${index}`);
    await admin.script("FLUSH");
    const announce = "a change";
    const changes = rounds.flatMap((key) => [
      tier.write(key, Buffer.from("first"), { ...call, ttlMs, announce }),
      tier.remove([key], call),
      tier.write(`${key}:kept`, Buffer.from("first"), { ...call, ttlMs, announce }),
      tier.remove([`${key}:kept`], { ...call, announce }),
      tier.write(`${key}:kept`, Buffer.from("second"), { ...call, ttlMs }),
    ]);
    await Promise.all(changes);
    expect(await admin.mget(rounds)).toEqual(rounds.map(() => null));
    expect(await admin.mget(rounds.map((key) => `${key}:kept`))).toEqual(rounds.map(() => "second"));
  });

  test("a commit and a release are announced if somebody waits, and not otherwise", async () => {
    const tier = await announcing();
    for (const isAwaited of [false, true]) {
      const expected = revision();
      const key = await leasedKey(tier, expected, isAwaited);
      const announce = `committed ${isAwaited}`;
      const frame = frameOf(revision());
      expect(await tier.fence.commit(key, { ...call, expected, frame, ttlMs, announce })).toBe(true);
      expect(await tier.fence.commit(key, { ...call, expected, frame, ttlMs, announce })).toBe(false);
      const other = await leasedKey(tier, expected, isAwaited);
      expect(await tier.fence.release(other, { ...call, expected, announce: `released ${isAwaited}` })).toBe(true);
      const silent = await leasedKey(tier, expected, isAwaited);
      expect(await tier.fence.commit(silent, { ...call, expected, frame, ttlMs })).toBe(true);
    }
    expect(await announced()).toEqual(["committed true", "released true"]);
  });

  test("a frame that is prolonged is announced if it still was there", async () => {
    const tier = await announcing();
    const key = `key:${randomUUID()}`;
    await write(tier, key, "abc");
    const [header, expected] = [Buffer.from("xy"), Buffer.from("ab")];
    expect(await tier.renew(key, { ...call, expected, header, ttlMs, announce: "renewed" })).toBe(true);
    expect(await tier.renew(key, { ...call, expected, header, ttlMs, announce: "renewed again" })).toBe(false);
    expect(await announced()).toEqual(["renewed"]);
  });

  test("a server without memory takes no lease and no frame, but every removal, and announces it", async () => {
    const tier = await announcing();
    const [expected, other] = [revision(), revision()];
    const [key, awaitedKey] = [await leasedKey(tier, expected, false), await leasedKey(tier, other, true)];
    const keys = [`key:${randomUUID()}`, `key:${randomUUID()}`];
    for (const held of keys) await write(tier, held, "frame");
    await admin.config("SET", "maxmemory", "1");
    const frame = frameOf(revision());
    const oom = { code: "TIER_FAILED", cause: { code: "OOM" } };
    const lease = { key: `key:${randomUUID()}`, placeholder: placeholderOf(revision()) };
    await expect(tier.fence.acquire([lease], { ...call, leaseMs })).rejects.toMatchObject(oom);
    await expect(tier.fence.acquire([lease, lease], { ...call, leaseMs })).rejects.toMatchObject(oom);
    await expect(tier.fence.commit(key, { ...call, expected, frame, ttlMs })).rejects.toMatchObject(oom);
    await expect(tier.fence.wait(key, expected, call)).rejects.toMatchObject(oom);
    await expect(tier.write(key, frame, { ...call, ttlMs, announce: "written" })).rejects.toMatchObject(oom);
    await tier.remove([keys[0] ?? ""], call);
    await tier.remove([keys[1] ?? ""], { ...call, announce: "removed" });
    expect(await tier.fence.release(key, { ...call, expected, announce: "released" })).toBe(true);
    expect(await tier.fence.release(awaitedKey, { ...call, expected: other, announce: "released awaited" })).toBe(true);
    expect(await admin.exists(...keys, key, awaitedKey, lease.key)).toBe(0);
    expect(await announced()).toEqual(["removed", "released awaited"]);
  });

  test("a replica refuses every change, announces none of them, and is connected to anew", async () => {
    const tier = await announcing();
    const key = `key:${randomUUID()}`;
    await write(tier, key, "frame");
    await admin.replicaof("127.0.0.1", 1);
    const refusal = { code: "TIER_FAILED", cause: { code: "READONLY" } };
    await expect(tier.remove([key], { ...call, announce: "removed" })).rejects.toMatchObject(refusal);
    // By now its address may lead to another server.
    await eventually(() => tier.now() === undefined);
    await eventually(() => tier.now() !== undefined);
    await admin.replicaof("NO", "ONE");
    await tier.remove([key], { ...call, announce: "removed at last" });
    expect(await announced()).toEqual(["removed at last"]);
  });

  test("what a client was made with changes nothing", async () => {
    for (const options of [
      { keyPrefix: "prefix:" },
      { stringNumbers: true },
      { enableAutoPipelining: true },
      { protocol: 3, replyMapping: "resp3" },
    ] as const) {
      const client = new Redis(server.url, options);
      const tier = await announcing(client);
      const expected = revision();
      const key = await leasedKey(tier, expected, true);
      const frame = frameOf(revision());
      const announce = `committed ${Object.keys(options)[0]}`;
      expect(await tier.fence.commit(key, { ...call, expected, frame, ttlMs, announce })).toBe(true);
      expect(await admin.getBuffer(`${client.options.keyPrefix ?? ""}${key}`)).toEqual(frame);
      const next = Buffer.from("next");
      const written = tier.write(key, next, { ...call, ttlMs, announce: "written" });
      next.fill(0);
      await written;
      expect(Buffer.from((await tier.readMany([key], call))[0] ?? []).toString()).toBe("next");
      await tier.remove([key], { ...call, announce: "removed" });
      expect(await announced()).toEqual([announce, "written", "removed"]);
      heard = [];
      await tier.close();
      client.disconnect();
    }
  });

  test("before anybody listens there is nobody to tell: a change is made, and a message is refused", async () => {
    const tier = redis({ url: server.url, commandTimeoutMs: PATIENT_MS });
    opened.push(tier);
    const key = `key:${randomUUID()}`;
    await tier.write(key, Buffer.from("frame"), { ...call, ttlMs, announce: "written" });
    expect(await admin.get(key)).toBe("frame");
    await tier.remove([key], { ...call, announce: "removed" });
    expect(await admin.exists(key)).toBe(0);
    const refusal = { code: "TIER_FAILED", message: "The bus has not begun to listen." };
    await expect(tier.bus?.publish("a message")).rejects.toMatchObject(refusal);
    await expect(tier.bus?.echo("a nonce")).rejects.toMatchObject(refusal);
  });
});
