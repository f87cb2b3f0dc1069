import type { RemoteCall, RemoteTier } from "@tiercache/core";
import { expect, test } from "vitest";
import { manualClock } from "../manual-clock.ts";
import { memoryServer, memoryTier } from "../memory/memory-server.ts";
import type { MemoryTier } from "../memory/memory-tier.ts";
import { remoteTierSuite } from "../remote/remote-tier-suite.ts";
import { type ChaosTier, chaos } from "./chaos.ts";

const suite = remoteTierSuite(() => {
  const clock = manualClock();
  return { tier: chaos(memoryTier({ clock })), advance: (ms) => clock.advance(ms) };
});
for (const { title, run } of suite) test(title, run);

const call: RemoteCall = { signal: new AbortController().signal };
const forever = { ...call, ttlMs: Number.POSITIVE_INFINITY };
const one = Uint8Array.of(1);
const two = Uint8Array.of(2);

function opened(): { readonly tier: ChaosTier; readonly server: MemoryTier } {
  const server = memoryServer({ clock: manualClock() }).tier();
  return { tier: chaos(server), server };
}

test("a failing tier rejects with the given error and is not reached", async () => {
  const { tier, server } = opened();
  const error = new Error("down");
  tier.fail(error);
  await expect(tier.write("a", one, forever)).rejects.toBe(error);
  await expect(tier.readMany(["a"], call)).rejects.toBe(error);
  await expect(tier.remove(["a"], call)).rejects.toBe(error);
  await expect(tier.close()).rejects.toBe(error);
  expect(server.size).toBe(0);
  tier.heal();
  await tier.write("a", one, forever);
  expect(server.keys).toEqual(["a"]);
});

test("one operation may fail while the others do not", async () => {
  const { tier } = opened();
  tier.fail(undefined, "write");
  await expect(tier.write("a", one, forever)).rejects.toMatchObject({ code: "TIER_FAILED" });
  expect(await tier.readMany(["a"], call)).toEqual([undefined]);
});

test("a held reply brings what the tier held when it was asked", async () => {
  const { tier, server } = opened();
  await server.write("a", one, forever);
  tier.hold("read");
  const read = tier.readMany(["a"], call);
  await tier.whenHeld(1);
  await server.write("a", two, forever);
  tier.release();
  expect(await read).toEqual([one]);
  expect(await tier.readMany(["a"], call)).toEqual([two]);
});

test("a held request takes effect only when it is released", async () => {
  const { tier, server } = opened();
  await server.write("a", one, forever);
  tier.hold("read", "request");
  const read = tier.readMany(["a"], call);
  await tier.whenHeld(1);
  await server.write("a", two, forever);
  tier.release();
  expect(await read).toEqual([two]);
});

test("held calls are released one by one, in any order", async () => {
  const { tier, server } = opened();
  tier.hold("write", "request");
  const first = tier.write("a", one, forever);
  const second = tier.write("b", two, forever);
  const [heldFirst, heldSecond] = await tier.whenHeld(2);
  expect(tier.heldCalls.map(({ operation, keys, point }) => [operation, keys, point])).toEqual([
    ["write", ["a"], "request"],
    ["write", ["b"], "request"],
  ]);
  heldSecond?.release();
  await second;
  expect(server.keys).toEqual(["b"]);
  heldFirst?.release();
  await first;
  expect(server.keys).toEqual(["b", "a"]);
  expect(tier.heldCalls).toEqual([]);
});

test("a held call may fail where it waits", async () => {
  const { tier, server } = opened();
  tier.hold("write", "request");
  tier.hold("remove", "reply");
  const error = new Error("connection lost");
  const write = tier.write("a", one, forever);
  (await tier.whenHeld(1))[0]?.fail(error);
  await expect(write).rejects.toBe(error);
  expect(server.size).toBe(0);

  await server.write("b", one, forever);
  const remove = tier.remove(["b"], call);
  (await tier.whenHeld(1))[0]?.fail(error);
  await expect(remove).rejects.toBe(error);
  expect(server.size).toBe(0);
});

test("a held write keeps the bytes it was given", async () => {
  const { tier, server } = opened();
  tier.hold("write", "request");
  const frame = Uint8Array.of(1);
  const write = tier.write("a", frame, forever);
  frame.fill(9);
  await tier.whenHeld(1);
  tier.release();
  await write;
  expect(await server.readMany(["a"])).toEqual([one]);
});

test("a hung tier answers nothing until it is released and then does all of it", async () => {
  const { tier, server } = opened();
  tier.hang();
  const ended: string[] = [];
  const calls = [
    tier.write("a", one, forever).then(() => ended.push("write")),
    tier.readMany(["a"], call).then(() => ended.push("read")),
    tier.remove(["b"], call).then(() => ended.push("remove")),
    tier.close().then(() => ended.push("close")),
  ];
  await tier.whenHeld(4);
  expect([ended, server.size]).toEqual([[], 0]);
  tier.release();
  await Promise.all(calls);
  expect(server.keys).toEqual(["a"]);
});

test("releasing one operation leaves the others held", async () => {
  const { tier } = opened();
  tier.hang();
  const write = tier.write("a", one, forever);
  const read = tier.readMany(["a"], call);
  await tier.whenHeld(2);
  tier.release("write");
  await write;
  expect(tier.heldCalls.map(({ operation }) => operation)).toEqual(["read"]);
  tier.release();
  expect(await read).toEqual([one]);
});

test("calls are counted with their keys, the failed and the held ones too", async () => {
  const { tier } = opened();
  await tier.readMany(["a", "b"], call);
  await tier.readMany(["c"], call);
  tier.fail();
  await tier.write("a", one, forever).catch(() => {});
  await tier.remove(["a", "b"], call).catch(() => {});
  expect([tier.reads, tier.writes, tier.removals]).toEqual([[["a", "b"], ["c"]], ["a"], [["a", "b"]]]);
  expect([tier.count(), tier.count("read"), tier.count("write"), tier.count("close")]).toEqual([4, 2, 1, 0]);
  tier.clearCalls();
  expect(tier.count()).toBe(0);
});

test("the tier's time may be lost and found", () => {
  const { tier, server } = opened();
  tier.loseTime();
  expect(tier.now()).toBeUndefined();
  tier.heal();
  expect(tier.now()).toBe(server.now());
});

test("anything but a remote tier is refused", () => {
  expect(() => chaos({ name: "x" } as unknown as RemoteTier)).toThrow("The argument of chaos is an object");
});
