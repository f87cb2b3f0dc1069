import { type BusListener, FRAME_IDENTITY } from "@tiercache/core";
import { expect, test } from "vitest";
import { manualClock } from "../manual-clock.ts";
import { type MemoryServer, memoryServer } from "./memory-server.ts";
import type { MemoryTier } from "./memory-tier.ts";

const forever = { ttlMs: Number.POSITIVE_INFINITY };
const failed = expect.objectContaining({ code: "TIER_FAILED" });
const one = Uint8Array.of(1);

function started(): MemoryServer {
  return memoryServer({ clock: manualClock() });
}

/** What a process hears on the channel of all. */
function listening(tier: MemoryTier, heard: string[] = []): string[] {
  const listener: BusListener = {
    message: (text) => heard.push(`message ${text}`),
    echo: (nonce) => heard.push(`echo ${nonce}`),
    gap: () => heard.push("gap"),
  };
  tier.bus.listen("all", listener);
  return heard;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("its tiers hold the same and have the same time", async () => {
  const server = started();
  const [first, second] = [server.tier(), server.tier()];
  await first.write("a", one, forever);
  expect(await second.readMany(["a"])).toEqual([one]);
  expect([server.keys, server.size, second.keys, server.now()]).toEqual([["a"], 1, ["a"], second.now()]);
});

test("messages arrive later than the call that sends them, in order and behind the change", async () => {
  const server = started();
  const tier = server.tier();
  const heard = listening(tier);
  const found: unknown[] = [];
  server.tier().bus.listen("all", { echo() {}, gap() {}, message: () => found.push(server.keys) });
  const sent = [tier.write("a", one, { ...forever, announce: "1" }), tier.bus.echo("2"), tier.bus.publish("3")];
  expect(heard).toEqual([]);
  await Promise.all(sent);
  await settled();
  expect(heard).toEqual(["gap", "message 1", "echo 2", "message 3"]);
  expect(found).toEqual([["a"], ["a"]]);
});

test("a restart keeps everything, nothing, or what was there before", async () => {
  const server = started();
  const tier = server.tier();
  await tier.write("a", one, forever);
  const earlier = server.snapshot();
  await tier.write("b", one, forever);
  server.restart({ keep: "all" });
  expect(server.keys).toEqual(["a", "b"]);
  server.restart({ keep: earlier });
  expect(server.keys).toEqual(["a"]);
  await tier.write("c", one, forever);
  server.restart();
  expect(server.keys).toEqual([]);
  server.restart({ keep: earlier });
  expect(server.keys).toEqual(["a"]);
});

test("what came back with a restart expires when it would have", async () => {
  const clock = manualClock();
  const server = memoryServer({ clock });
  await server.tier().write("a", one, { ttlMs: 100 });
  const earlier = server.snapshot();
  clock.advance(60);
  server.restart({ keep: earlier });
  clock.advance(39);
  expect(server.size).toBe(1);
  clock.advance(1);
  expect(server.size).toBe(0);
});

test("who uses it is told of a restart before it returns, until his tier is closed", async () => {
  const server = started();
  const told: string[] = [];
  const [first, second] = [server.tier(), server.tier()];
  first.onLoss(() => told.push(`first ${server.size}`));
  second.onLoss(() => told.push("second"));
  await first.write("a", one, forever);
  server.restart();
  expect(told).toEqual(["first 0", "second"]);
  await second.close();
  server.restart();
  expect(told).toEqual(["first 0", "second", "first 0"]);
});

test("a restart loses what is under way to listeners, who hear of a gap", async () => {
  const server = started();
  const tier = server.tier();
  const heard = listening(tier);
  await settled();
  const lost = tier.bus.publish("lost");
  server.restart({ keep: "all" });
  await lost;
  await tier.bus.publish("heard");
  await settled();
  expect(heard).toEqual(["gap", "gap", "message heard"]);
});

test("a chosen key is evicted, and nobody is told", async () => {
  const server = started();
  const tier = server.tier();
  const heard = listening(tier);
  await tier.write("a", one, forever);
  expect([server.evict("a"), server.evict("a"), server.evict("never")]).toEqual([true, false, false]);
  await settled();
  expect([server.keys, heard]).toEqual([[], ["gap"]]);
});

test("any key may be evicted, the same ones for the same seed", async () => {
  const evicted = async (seed: number): Promise<unknown[]> => {
    const server = memoryServer({ clock: manualClock(), seed });
    for (const key of "abcdefgh") await server.tier().write(key, one, forever);
    return Array.from({ length: 9 }, () => server.evictAny());
  };
  const order = await evicted(7);
  expect(new Set(order)).toEqual(new Set(["a", "b", "c", "d", "e", "f", "g", "h", undefined]));
  expect(await evicted(7)).toEqual(order);
  expect(await evicted(8)).not.toEqual(order);
});

test("calls that break the fence's contract are rejected, and change nothing", async () => {
  const server = started();
  const { fence } = server.tier();
  const placeholder = new Uint8Array(64);
  const [revision, short] = [new Uint8Array(16), new Uint8Array(15)];
  for (const leaseMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(fence.acquire([{ key: "a", placeholder }], { leaseMs })).rejects.toEqual(failed);
  }
  const second = { key: "b", placeholder: new Uint8Array(23) };
  await expect(fence.acquire([{ key: "a", placeholder }, second], { leaseMs: 1 })).rejects.toEqual(failed);
  await expect(fence.acquire([{ key: "\ud800", placeholder }], { leaseMs: 1 })).rejects.toEqual(failed);
  expect(server.size).toBe(0);
  const frame = placeholder;
  await expect(fence.commit("a", { frame, expected: short, ttlMs: 1 })).rejects.toEqual(failed);
  await expect(fence.commit("a", { frame, expected: revision, ttlMs: 0 })).rejects.toEqual(failed);
  await expect(fence.commit("a", { frame: short, expected: revision, ttlMs: 1 })).rejects.toEqual(failed);
  await expect(fence.release("a", { expected: new Uint8Array(17) })).rejects.toEqual(failed);
  await expect(fence.wait("a", short)).rejects.toEqual(failed);
  await expect(fence.wait("\ud800", revision)).rejects.toEqual(failed);
});

test("a lease is granted again as soon as its life is over", async () => {
  const clock = manualClock();
  const { fence } = memoryServer({ clock }).tier();
  const lease = { key: "a", placeholder: new Uint8Array(64).fill(FRAME_IDENTITY.leased) };
  await fence.acquire([lease], { leaseMs: 10 });
  clock.advance(9);
  expect(await fence.acquire([lease], { leaseMs: 10 })).toEqual([false]);
  clock.advance(1);
  expect(await fence.acquire([lease], { leaseMs: 10 })).toEqual([true]);
});

test("a process listens once, and nothing is sent before", async () => {
  const { bus } = started().tier();
  await expect(bus.publish("x")).rejects.toEqual(failed);
  await expect(bus.echo("x")).rejects.toEqual(failed);
  const silent: BusListener = { message() {}, echo() {}, gap() {} };
  bus.listen("all", silent);
  expect(() => bus.listen("all", silent)).toThrow(failed);
  await expect(bus.publish("\ud800")).rejects.toEqual(failed);
  await bus.close();
  await expect(bus.echo("x")).rejects.toEqual(failed);
  bus.listen("all", silent);
});

test("a process that has closed its bus is still heard", async () => {
  const server = started();
  const heard = listening(server.tier());
  const tier = server.tier();
  listening(tier);
  await tier.bus.close();
  await tier.remove(["a"], { announce: "last words" });
  await settled();
  expect(heard).toEqual(["gap", "message last words"]);
});

test("wrong options are refused by name", () => {
  const clock = manualClock();
  expect(() => memoryServer(undefined as never)).toThrow("memoryServer.clock is missing");
  expect(() => memoryServer({ clock, seed: 0 })).toThrow("memoryServer.seed is 0");
  expect(() => started().restart({ keep: "some" as never })).toThrow('memoryServer.restart.keep is "some"');
});
