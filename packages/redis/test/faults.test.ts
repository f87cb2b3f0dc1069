import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import type { RemoteTier } from "@tiercache/core";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { eventually, PATIENT_MS, readOne, remove, untilDone, write } from "./servers.ts";

/** Far above what a prompt failure takes, far below what waiting for a server would. */
const PROMPT_MS = 1_500;

let server: RedisServer;
const opened: RemoteTier[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);

beforeAll(async () => {
  process.on("unhandledRejection", onUnhandled);
  server = await startRedis();
});

afterEach(async () => {
  server.resume();
  await Promise.all(opened.splice(0).map((tier) => tier.close()));
  await server.restart();
  expect(unhandled).toEqual([]);
});

afterAll(async () => {
  await server.stop();
  process.off("unhandledRejection", onUnhandled);
});

function open(url: string = server.url, commandTimeoutMs = 200): RemoteTier {
  const tier = redis({ url, commandTimeoutMs });
  opened.push(tier);
  return tier;
}

async function connected(): Promise<RemoteTier> {
  const tier = open();
  await untilDone(() => write(tier, "a", "frame"));
  await untilDone(() => readOne(tier, "a"));
  return tier;
}

/** How many connections the server has, the one that asks included. */
async function connections(): Promise<number> {
  const admin = new Redis(server.url);
  const list = String(await admin.client("LIST"));
  admin.disconnect();
  return list.trim().split("\n").length;
}

/** The word by which a call fails; it must fail, and promptly. */
async function failure(call: Promise<unknown>): Promise<string> {
  const startedAt = performance.now();
  const error: unknown = await call.then(
    () => expect.unreachable("the call succeeded"),
    (reason: unknown) => reason,
  );
  expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS);
  expect(error).toMatchObject({ code: "TIER_FAILED" });
  return (error as { readonly cause: { readonly code: string } }).cause.code;
}

test("with a killed server every call fails promptly, and closing is prompt too", async () => {
  const tier = await connected();
  await server.kill();
  await eventually(() => tier.now() === undefined);
  expect(await failure(readOne(tier, "a"))).toBe("NOT_CONNECTED");
  expect(await failure(tier.readMany(["a", "b"], { signal: new AbortController().signal }))).toBe("NOT_CONNECTED");
  expect(await failure(write(tier, "a", "frame"))).toBe("NOT_CONNECTED");
  expect(await failure(remove(tier, "a"))).toBe("NOT_CONNECTED");
  const startedAt = performance.now();
  await tier.close();
  expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS);
});

test("where no server was ever there, the first call fails promptly", async () => {
  const { port } = server;
  await server.kill();
  const tier = open(`redis://127.0.0.1:${port}`);
  await failure(readOne(tier, "a"));
  expect(await failure(readOne(tier, "a"))).toBe("NOT_CONNECTED");
  expect(tier.now()).toBeUndefined();
});

test("a server that comes back is used again, and its time is learned again", async () => {
  const tier = await connected();
  await server.kill();
  await eventually(() => tier.now() === undefined);
  await server.restart();
  await eventually(() => tier.now() !== undefined);
  expect(await untilDone(() => readOne(tier, "a"))).toBeUndefined();
  await untilDone(() => write(tier, "a", "again"));
  expect(Buffer.from((await untilDone(() => readOne(tier, "a"))) ?? []).toString()).toBe("again");
});

test("a hung server fails calls promptly, and what was given up is not sent again when it comes back", async () => {
  const tier = await connected();
  server.hang();
  await failure(readOne(tier, "a"));
  await eventually(() => tier.now() === undefined);
  expect(await failure(write(tier, "late", "frame"))).toBe("NOT_CONNECTED");
  server.resume();
  await eventually(() => tier.now() !== undefined);
  expect(await untilDone(() => readOne(tier, "late"))).toBeUndefined();
});

test("closing ends in bounded time while the server hangs", async () => {
  const tier = await connected();
  server.hang();
  const startedAt = performance.now();
  await tier.close();
  expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS);
});

test("closing ends in bounded time while the server hangs with calls on their way", async () => {
  const tier = await connected();
  server.hang();
  const call = readOne(tier, "a").catch(() => "failed");
  const startedAt = performance.now();
  await Promise.all([tier.close(), tier.close()]);
  expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS);
  expect(await call).toBe("failed");
});

test("after closing, calls fail and no connection is left", async () => {
  const tier = await connected();
  await tier.close();
  expect(await failure(readOne(tier, "a"))).toBe("NOT_CONNECTED");
  await eventually(async () => (await connections()) === 1);
});

test("closing at once after opening leaves no connection", async () => {
  const tier = redis({ url: server.url });
  await tier.close();
  await failure(readOne(tier, "a"));
  await eventually(async () => (await connections()) === 1);
});

test("a wrong password fails promptly and stands in no error", async () => {
  const admin = new Redis(server.url);
  await admin.config("SET", "requirepass", "right");
  const password = `hunter2-${randomUUID()}`;
  const tier = open(`redis://:${password}@127.0.0.1:${server.port}`);
  for (let round = 0; round < 3; round++) {
    const error = await write(tier, "a", `value ${password}`).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "TIER_FAILED" });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(password);
  }
  const right = open(`redis://:right@127.0.0.1:${server.port}`);
  await untilDone(() => write(right, "a", "frame"));
  admin.disconnect();
});

test("an error of the server does not carry the key or the value", async () => {
  const admin = new Redis(server.url);
  const tier = open(server.url, PATIENT_MS);
  await admin.config("SET", "maxmemory", "1");
  const error = await write(tier, "secret-key", "secret-value").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: "Redis failed: OOM.", cause: { code: "OOM" } });
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("secret");
  admin.disconnect();
});

test("a user who may not ask for the time learns it from every read", async () => {
  const admin = new Redis(server.url);
  await admin.acl("SETUSER", "blind", "on", ">pw", "~*", "+@all", "-time");
  const tier = open(`redis://blind:pw@127.0.0.1:${server.port}`, PATIENT_MS);
  expect(await failure(readOne(tier, "a"))).toBe("NOPERM");
  expect(tier.now()).toBeUndefined();
  admin.disconnect();
});

test("many connections lost at the worst moment leave nothing unhandled", async () => {
  for (let round = 0; round < 3; round++) {
    const tier = open();
    const calls = Array.from({ length: 20 }, (_, index) => [
      write(tier, `key ${index}`, "frame"),
      readOne(tier, `key ${index}`),
      remove(tier, `key ${index}`),
    ]).flat();
    const ended = Promise.allSettled(calls);
    await server.kill();
    expect(await ended).toHaveLength(60);
    await server.restart();
  }
});
