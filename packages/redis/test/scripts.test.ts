import { randomUUID } from "node:crypto";
import { FRAME_IDENTITY } from "@tiercache/core";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { FRESH, frameOf, placeholderOf, revision } from "./frames.ts";
import { listening, redisTier } from "./listening.ts";
import { call, eventually, onEachServer, PATIENT_MS } from "./servers.ts";

const { awaited, stateAt } = FRAME_IDENTITY;
const ttlMs = 600_000;

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

  function open(url: string = server.url): RedisTier {
    const tier = redisTier(redis({ url, commandTimeoutMs: PATIENT_MS }));
    opened.push(tier);
    return tier;
  }

  /** Every script of the fence many times over in one tick; each must do what it says. */
  async function allAtOnce(tier: RedisTier): Promise<void> {
    const names = Array.from({ length: 25 }, () => randomUUID());
    const expected = revision();
    const placeholder = placeholderOf(expected);
    const leases = names.flatMap((name) =>
      ["commit", "release", "wait"].map((what) => ({ key: `${what}:${name}`, placeholder })),
    );
    const won = await tier.fence.acquire(leases, { ...call, leaseMs: 60_000 });
    expect(won.every(Boolean)).toBe(true);
    const frame = frameOf(revision());
    const [header, renewed] = [frame.subarray(0, 64), frame.subarray(0, 64)];
    const done = await Promise.all(
      names.flatMap((name) => [
        tier.fence.commit(`commit:${name}`, { ...call, expected, frame, ttlMs }),
        tier.fence.release(`release:${name}`, { ...call, expected }),
        tier.fence.wait(`wait:${name}`, expected, call),
        tier.write(`renewal:${name}`, frame, { ...call, ttlMs }).then(() => true),
        tier.renew(`renewal:${name}`, { ...call, expected: header, header: renewed, ttlMs }),
      ]),
    );
    expect(done.every(Boolean)).toBe(true);
    for (const name of names) {
      expect((await admin.getBuffer(`commit:${name}`))?.[stateAt]).toBe(FRESH);
      expect(await admin.exists(`release:${name}`)).toBe(0);
      expect((await admin.getBuffer(`wait:${name}`))?.[stateAt]).toBe(awaited);
    }
  }

  test("a server that forgets the scripts is sent them again, however many calls are on their way", async () => {
    const tier = open();
    await allAtOnce(tier);
    for (let round = 0; round < 3; round++) {
      await admin.script("FLUSH");
      await allAtOnce(tier);
    }
  });

  test("a server that has been restarted is sent the scripts again, however many calls are on their way", async () => {
    const tier = open();
    await allAtOnce(tier);
    await server.restart();
    await eventually(() => tier.now() !== undefined && admin.status === "ready");
    await allAtOnce(tier);
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
    const scripting = ["eval", "evalsha", "publish", "subscribe"];
    const rules = [...commands, ...scripting].map((command) => `+${command}`);
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
    const tier = open(server.url.replace("redis://", "redis://least:pw@"));
    const heard = await listening(tier, "app:bus");
    const key = `app:${randomUUID()}`;
    const [expected, frame] = [revision(), frameOf(revision())];
    const header = frame.subarray(0, 64);
    await tier.fence.acquire([{ key, placeholder: placeholderOf(expected) }], { ...call, leaseMs: 60_000 });
    await tier.fence.wait(key, expected, call);
    expect(await tier.fence.commit(key, { ...call, expected, frame, ttlMs, announce: "committed" })).toBe(true);
    expect(await tier.renew(key, { ...call, expected: header, header, ttlMs })).toBe(true);
    expect(await tier.renew(key, { ...call, expected: header, header, ttlMs: Number.POSITIVE_INFINITY })).toBe(true);
    await tier.write(key, frame, { ...call, ttlMs, announce: "written" });
    await tier.write(key, frame, { ...call, ttlMs });
    expect(await tier.readMany([key, `${key}:absent`], call)).toHaveLength(2);
    expect(await tier.readMany([key], call)).toHaveLength(1);
    await tier.remove([key], { ...call, announce: "removed" });
    await tier.remove([key], call);
    expect(await tier.fence.release(key, { ...call, expected })).toBe(false);
    await tier.bus.publish("published");
    await tier.bus.echo("1");
    await heard.until("echo 1");
    expect(heard.all).toEqual(["gap", "committed", "written", "removed", "published", "echo 1"]);
  });
});
