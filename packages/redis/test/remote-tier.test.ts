import { randomUUID } from "node:crypto";
import { remoteTierSuite } from "@tiercache/testing";
import { testRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { eventually, PATIENT_MS, readOne, remove, write } from "./servers.ts";

const server = await testRedis();
const client = new Redis(server.url);

afterAll(async () => {
  await client.quit();
  await server.stop();
});

describe("the contract, with a connection of its own", () => {
  for (const { title, run } of remoteTierSuite(() => ({
    tier: redis({ url: server.url, commandTimeoutMs: PATIENT_MS }),
  })))
    test(title, run);
});

describe("the contract, with a client handed in", () => {
  for (const { title, run } of remoteTierSuite(() => ({ tier: redis({ client }) }))) test(title, run);
});

test("the very first command waits for the connection", async () => {
  const key = `first:${randomUUID()}`;
  const writer = redis({ url: server.url, commandTimeoutMs: PATIENT_MS });
  await write(writer, key, "first");
  const reader = redis({ url: server.url, commandTimeoutMs: PATIENT_MS });
  expect(Buffer.from((await readOne(reader, key)) ?? []).toString()).toBe("first");
  expect(reader.now()).toBeTypeOf("number");
  await Promise.all([writer.close(), reader.close()]);
});

test("a write that waits for the connection keeps the bytes it was given", async () => {
  const key = `waiting:${randomUUID()}`;
  const tier = redis({ url: server.url, commandTimeoutMs: PATIENT_MS });
  const frame = Buffer.from("as it was");
  const written = tier.write(key, frame, { ttlMs: 60_000, signal: new AbortController().signal });
  frame.fill(0);
  await written;
  expect(Buffer.from((await readOne(tier, key)) ?? []).toString()).toBe("as it was");
  await tier.close();
});

test("a client that has queued the first read brings the time with it", async () => {
  const queueing = new Redis(server.url, { lazyConnect: true });
  const tier = redis({ client: queueing });
  expect(tier.now()).toBeUndefined();
  await readOne(tier, `queued:${randomUUID()}`);
  expect(tier.now()).toBeTypeOf("number");
  await tier.close();
  queueing.disconnect();
});

test("a client handed in that is still connecting is waited for, even if it queues nothing", async () => {
  const connecting = new Redis(server.url, { enableOfflineQueue: false });
  const tier = redis({ client: connecting });
  await readOne(tier, `connecting:${randomUUID()}`);
  expect(tier.now()).toBeTypeOf("number");
  await tier.close();
  connecting.disconnect();
});

test("the tier's time is the server's", async () => {
  const tier = redis({ client });
  await readOne(tier, "absent");
  const [seconds, microseconds] = await client.time();
  const serverNow = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
  expect(Math.abs((tier.now() ?? 0) - serverNow)).toBeLessThan(1_000);
  await tier.close();
});

test("a key that holds something other than bytes is absent, alone and among others", async () => {
  const tier = redis({ client });
  const key = `list:${randomUUID()}`;
  await client.rpush(key, "an element");
  expect(await readOne(tier, key)).toBeUndefined();
  expect(await tier.readMany([key, key], { signal: new AbortController().signal })).toEqual([undefined, undefined]);
  await remove(tier, key);
  await tier.close();
});

test("a write replaces whatever a key held", async () => {
  const tier = redis({ client });
  const key = `hash:${randomUUID()}`;
  await client.hset(key, "field", "value");
  await write(tier, key, "frame");
  expect(await client.get(key)).toBe("frame");
  await remove(tier, key);
  await tier.close();
});

test("a life is rounded up to whole milliseconds, and one without end has none", async () => {
  const tier = redis({ client });
  const key = `life:${randomUUID()}`;
  const signal = new AbortController().signal;
  // What is asked of the server first is over: ioredis takes what is said between MONITOR and its answer for an error.
  await client.ping();
  const monitor = await client.monitor();
  const seen: string[][] = [];
  monitor.on("monitor", (_time: string, command: string[]) => seen.push(command));
  for (const ttlMs of [60_000, 60_000.01, 0.01]) await tier.write(key, Buffer.from("frame"), { ttlMs, signal });
  await eventually(() => seen.filter((command) => command[1] === key).length === 3);
  monitor.disconnect();
  const lives = seen.filter((command) => command[1] === key).map((command) => command.slice(3));
  expect(lives).toEqual([
    ["PX", "60000"],
    ["PX", "60001"],
    ["PX", "1"],
  ]);
  await tier.write(key, Buffer.from("frame"), { ttlMs: Number.POSITIVE_INFINITY, signal });
  expect(await client.pttl(key)).toBe(-1);
  await remove(tier, key);
  await tier.close();
});

test("a client's own key prefix is honoured by every operation", async () => {
  const prefix = `prefix:${randomUUID()}:`;
  const prefixing = new Redis(server.url, { keyPrefix: prefix });
  const tier = redis({ client: prefixing });
  await write(tier, "a", "frame");
  expect(await client.get(`${prefix}a`)).toBe("frame");
  const frames = await tier.readMany(["a", "b"], { signal: new AbortController().signal });
  expect(frames.map((frame) => frame !== undefined)).toEqual([true, false]);
  await remove(tier, "a", "b");
  expect(await client.exists(`${prefix}a`)).toBe(0);
  await tier.close();
  prefixing.disconnect();
});

test("a client handed in stays open and keeps only its own listeners", async () => {
  const events = ["ready", "close", "end", "error"];
  const listeners = (): number[] => events.map((event) => client.listenerCount(event));
  const before = listeners();
  const tier = redis({ client, name: "mine" });
  expect(tier.name).toBe("mine");
  await tier.close();
  await tier.close();
  expect(await client.ping()).toBe("PONG");
  expect(listeners()).toEqual(before);
});

test("a frame is prolonged by a server that has forgotten the script, and what is no frame is not", async () => {
  const key = `renewed:${randomUUID()}`;
  const tier = redis({ client });
  const signal = new AbortController().signal;
  const renewal = { expected: Buffer.from("ab"), header: Buffer.from("xy"), ttlMs: 60_000, signal };
  await client.set(key, "abc");
  await client.script("FLUSH");
  expect(await tier.renew?.(key, renewal)).toBe(true);
  expect(await client.get(key)).toBe("xyc");
  expect(await client.pttl(key)).toBeGreaterThan(50_000);
  await client.del(key);
  await client.rpush(key, "a list");
  expect(await tier.renew?.(key, renewal)).toBe(false);
  await tier.close();
});
