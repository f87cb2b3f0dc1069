import { randomUUID } from "node:crypto";
import { LinkProxy, type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis, type RedisOptions } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { redisTier } from "./listening.ts";

import { call, eventually, PATIENT_MS, readOne, remove, write } from "./servers.ts";

const ttlMs = 600_000;

let server: RedisServer;
let proxy: LinkProxy;
let url: string;
let admin: Redis;
const opened: RedisTier[] = [];
const clients: Redis[] = [];

beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
});

beforeEach(async () => {
  proxy = new LinkProxy(server.port);
  url = await proxy.open();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((tier) => tier.close()));
  for (const client of clients.splice(0)) client.disconnect();
  proxy.close();
});

afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

/** A tier on a client without any timeouts, through the proxy. */
function patient(options: Omit<RedisOptions, "replyMapping"> = {}): RedisTier {
  const client = new Redis({ ...options, port: Number(new URL(url).port) });
  client.on("error", () => {});
  clients.push(client);
  return open(client);
}

function open(client: Redis): RedisTier {
  const tier = redisTier(redis({ client }));
  opened.push(tier);
  return tier;
}

/** Waits until the server has been asked by the tier who it is; it does not answer. */
async function unanswered(): Promise<void> {
  await eventually(() => proxy.linksWith("server").length === 1);
}

test("what waits for the server's name is carried out in its order, and nothing overtakes it", async () => {
  const id = randomUUID();
  const moments = Array.from({ length: 40 }, (_, index) => index);
  proxy.freezeOn("server\r\n");
  const tier = patient({ enableReadyCheck: false });
  const waiting = moments.flatMap((moment) => {
    const key = `${id}:${moment}`;
    return [write(tier, key, "first"), remove(tier, key), write(tier, key, "second")];
  });
  await unanswered();
  // Each comes at another moment of what follows when the server's answer is there.
  const later = moments.map(async (moment) => {
    await clients[0]?.ping();
    for (let step = 0; step < moment; step++) await Promise.resolve();
    await write(tier, `${id}:${moment}`, `at ${moment}`);
  });
  proxy.freezeNone();
  const [link] = proxy.linksWith("server");
  // So that all answers arrive in one piece.
  await eventually(() => link?.answered.split("PONG").length === moments.length + 1);
  link?.thaw();
  await Promise.all([...waiting, ...later]);
  expect(await admin.mget(moments.map((moment) => `${id}:${moment}`))).toEqual(moments.map((moment) => `at ${moment}`));
});

test("what was given up while it waited is not sent", async () => {
  const key = `key:${randomUUID()}`;
  proxy.freezeOn("server\r\n");
  const tier = patient({ enableReadyCheck: false });
  const given = new AbortController();
  const late = tier.write(key, Buffer.from("late"), { ttlMs, signal: given.signal });
  const kept = write(tier, `${key}:kept`, "kept");
  await unanswered();
  const reason = new Error("Nobody waits any longer.");
  given.abort(reason);
  proxy.freezeNone();
  proxy.linksWith("server")[0]?.thaw();
  await expect(late).rejects.toBe(reason);
  await kept;
  expect(await admin.mget(key, `${key}:kept`)).toEqual([null, "kept"]);
});

test("what waits is refused when the connection breaks, also by a client that would never say so", async () => {
  proxy.freezeOn("server\r\n");
  const tier = patient({ enableReadyCheck: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: null });
  const waiting = write(tier, "a", "frame");
  await unanswered();
  proxy.freezeNone();
  proxy.linksWith("server")[0]?.cut();
  await expect(waiting).rejects.toMatchObject({ cause: { code: "NOT_CONNECTED" } });
  await eventually(() => tier.now() !== undefined);
  await write(tier, "a", "frame");
});

test("an answer from another connection than the command was sent on does not count", async () => {
  const tier = patient();
  await write(tier, "a", "frame");
  const [link] = proxy.linksWith("server");
  link?.freeze();
  const read = readOne(tier, "a");
  link?.cut();
  await expect(read).rejects.toMatchObject({ cause: { code: "NOT_CONNECTED" } });
  expect(await readOne(tier, "a")).toBeDefined();
});

test("what waits is refused when the tier is closed, and so is what comes later", async () => {
  proxy.freezeOn("server\r\n");
  const tier = patient({ enableReadyCheck: false });
  const waiting = write(tier, "a", "frame");
  await unanswered();
  const notConnected = { cause: { code: "NOT_CONNECTED" } };
  const refused = expect(waiting).rejects.toMatchObject(notConnected);
  await tier.close();
  await refused;
  await expect(readOne(tier, "a")).rejects.toMatchObject(notConnected);
});

test("the server is asked who it is before anything else, once a connection", async () => {
  const key = `key:${randomUUID()}`;
  const tier = redisTier(redis({ url, commandTimeoutMs: PATIENT_MS }));
  opened.push(tier);
  await Promise.all([write(tier, key, "frame"), readOne(tier, key), tier.fence.wait(key, Buffer.alloc(16), call)]);
  await readOne(tier, key);
  const [link] = proxy.links;
  const sent = link?.sent ?? "";
  expect(sent.indexOf("server\r\n")).toBeGreaterThan(0);
  expect(sent.indexOf("server\r\n")).toBeLessThan(sent.indexOf(key));
  expect(sent.split("server\r\n")).toHaveLength(2);
});
