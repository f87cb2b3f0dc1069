import { FRAME_IDENTITY, type RemoteTier } from "@tiercache/core";
import { expect, test } from "vitest";
import { manualClock } from "../manual-clock.ts";
import { type MemoryServer, memoryServer } from "../memory/memory-server.ts";
import { type ChaosTier, chaos } from "./chaos.ts";

const call = { signal: new AbortController().signal };
const lease = { key: "a", placeholder: new Uint8Array(64).fill(FRAME_IDENTITY.leased) };
const expected = lease.placeholder.subarray(8, 24);
const commit = { ...call, frame: new Uint8Array(64), expected, ttlMs: 1_000 };

function opened(): {
  readonly server: MemoryServer;
  readonly tier: ChaosTier & { fence: NonNullable<RemoteTier["fence"]> };
} {
  const server = memoryServer({ clock: manualClock() });
  const tier = chaos(server.tier());
  const { fence } = tier;
  if (fence === undefined) throw new Error("no fence");
  return { server, tier: Object.assign(tier, { fence }) };
}

test("each call of a fence may fail, and then has not reached the tier", async () => {
  const { server, tier } = opened();
  tier.fail();
  const failed = { code: "TIER_FAILED" };
  await expect(tier.fence.acquire([lease], { ...call, leaseMs: 100 })).rejects.toMatchObject(failed);
  expect(server.size).toBe(0);
  await expect(tier.fence.commit("a", commit)).rejects.toMatchObject(failed);
  await expect(tier.fence.release("a", { ...call, expected })).rejects.toMatchObject(failed);
  await expect(tier.fence.wait("a", expected, call)).rejects.toMatchObject(failed);
  expect(["acquire", "commit", "release", "wait"].map((each) => tier.count(each as "wait"))).toEqual([1, 1, 1, 1]);
  expect(tier.keysOf("acquire")).toEqual([["a"]]);
});

test("a commit whose answer is lost has been made all the same", async () => {
  const { server, tier } = opened();
  await tier.fence.acquire([lease], { ...call, leaseMs: 100 });
  tier.hold("commit");
  const answer = tier.fence.commit("a", commit);
  (await tier.whenHeld(1))[0]?.fail(new Error("connection lost"));
  await expect(answer).rejects.toThrow("connection lost");
  expect(await server.tier().readMany(["a"])).toEqual([commit.frame]);
});

test("a held commit comes too late for a lease that was removed meanwhile", async () => {
  const { server, tier } = opened();
  await tier.fence.acquire([lease], { ...call, leaseMs: 100 });
  tier.hold("commit", "request");
  const answer = tier.fence.commit("a", commit);
  await tier.whenHeld(1);
  await server.tier().remove(["a"]);
  tier.release();
  expect(await answer).toBe(false);
  expect(server.size).toBe(0);
});

test("a call may wait before it is done and once more before it is answered", async () => {
  const { server, tier } = opened();
  tier.hold("acquire", "both");
  const answer = tier.fence.acquire([lease], { ...call, leaseMs: 100 });
  const [request] = await tier.whenHeld(1);
  expect([request?.point, server.size]).toEqual(["request", 0]);
  request?.release();
  await new Promise(setImmediate);
  const [reply] = tier.heldCalls;
  expect([reply?.point, server.size]).toEqual(["reply", 1]);
  expect(reply?.call).toBe(request?.call);
  reply?.release();
  expect(await answer).toEqual([true]);
});

test("what the wrapped tier cannot do is absent", () => {
  const bare = { name: "bare", now() {}, async readMany() {}, async write() {}, async remove() {}, async close() {} };
  const tier = chaos(bare as unknown as RemoteTier);
  expect([tier.fence, tier.bus, tier.onLoss, tier.renew]).toEqual([undefined, undefined, undefined, undefined]);
});
