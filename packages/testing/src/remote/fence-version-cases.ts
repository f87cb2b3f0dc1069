import assert from "node:assert/strict";
import { FRAME_IDENTITY } from "@tiercache/core";
import type { Proofs } from "../contract-case.ts";
import type { FenceTrial } from "./fence-trial.ts";
import { placeholder, placeholderOver, revision, tombstone, valueFrame, versionedFrame } from "./frame-specimens.ts";

const { awaited, minimum, outdated, value } = FRAME_IDENTITY;

/** Pairs of versions, the lower one first, that a comparison of signed, of short, or of rounded numbers takes for others. */
const ORDERED: readonly (readonly [bigint, bigint])[] = [
  [0n, 1n],
  [1n, 256n],
  [127n, 128n],
  [2n ** 31n - 1n, 2n ** 31n],
  [2n ** 53n - 1n, 2n ** 53n],
  [2n ** 53n, 2n ** 53n + 1n],
  [2n ** 63n - 1n, 2n ** 63n],
  [0x0aff_ffffn, 0x0d00_0000n],
];

/** What frames that tell versions do. A fence that cannot compare them has nothing to prove. */
export const versionCases: Proofs<FenceTrial> = {
  "a versioned frame takes the place of a lower version, whatever holds that, and never of a higher one": async (
    trial,
  ) => {
    if (trial.fence.raise === undefined) return;
    for (const [low, high] of ORDERED) {
      for (const state of [value, outdated, minimum]) {
        await trial.write("1", versionedFrame(1, low, state));
        assert.deepEqual(await trial.raise({ 1: versionedFrame(2, high) }), [true]);
        await trial.holds(["1"], [versionedFrame(2, high)]);
        assert.deepEqual(await trial.raise({ 1: versionedFrame(3, low, state) }, { replacesEqual: true }), [false]);
        await trial.holds(["1"], [versionedFrame(2, high)]);
      }
    }
  },
  "one of the same version takes its place only where that is asked for": async (trial) => {
    if (trial.fence.raise === undefined) return;
    await trial.write("1", versionedFrame(1, 7n));
    assert.deepEqual(await trial.raise({ 1: versionedFrame(2, 7n) }), [false]);
    await trial.holds(["1"], [versionedFrame(1, 7n)]);
    assert.deepEqual(await trial.raise({ 1: versionedFrame(2, 7n) }, { replacesEqual: true }), [true]);
    await trial.holds(["1"], [versionedFrame(2, 7n)]);
  },
  "what tells no version is lower than any, whatever bytes it ends with": async (trial) => {
    const ends = Buffer.alloc(80, 0xff);
    for (const held of [
      valueFrame(1, ends.toString("latin1")),
      placeholder(1),
      tombstone(1),
      ends,
      new Uint8Array(0),
    ]) {
      await trial.write("1", held);
      const put = await trial.raise({ 1: versionedFrame(2, 1n) });
      if (put === undefined) return;
      assert.deepEqual(put, [true]);
      await trial.holds(["1"], [versionedFrame(2, 1n)]);
    }
    assert.deepEqual(await trial.raise({ absent: versionedFrame(2, 0n) }), [true]);
  },
  "a placeholder tells the version of what lies behind it": async (trial) => {
    if (trial.fence.raise === undefined) return;
    for (const state of [FRAME_IDENTITY.leased, awaited]) {
      const held = Buffer.from(placeholderOver(1, versionedFrame(2, 7n, minimum)));
      held[FRAME_IDENTITY.stateAt] = state;
      await trial.write("1", held);
      assert.deepEqual(await trial.raise({ 1: versionedFrame(3, 6n) }), [false]);
      await trial.holds(["1"], [held]);
      assert.deepEqual(await trial.raise({ 1: versionedFrame(3, 8n) }), [true]);
      await trial.holds(["1"], [versionedFrame(3, 8n)]);
      assert.equal(await trial.commit("1", [revision(1), valueFrame(4)]), false);
    }
  },
  "a lease over a minimum keeps it, and the next one over that lease does so too": async (trial) => {
    const held = versionedFrame(1, 7n, minimum);
    await trial.write("1", held, 60_000);
    assert.equal(await trial.acquireOver("1", [revision(1), placeholder(2)], { keeps: true, leaseMs: 50 }), true);
    await trial.passes(100);
    await trial.holds(["1"], [placeholderOver(2, held)]);
    assert.equal(await trial.acquireOver("1", [revision(2), placeholder(3)], { keeps: true, leaseMs: 50 }), true);
    await trial.holds(["1"], [placeholderOver(3, held)]);
    assert.equal(await trial.commit("1", [revision(3), held]), true);
    await trial.holds(["1"], [held]);
  },
  "of many keys each is told, and each is there for its life": async (trial) => {
    if (trial.fence.raise === undefined) return;
    await trial.write("high", versionedFrame(1, 9n));
    const frames = { low: versionedFrame(2, 5n), high: versionedFrame(2, 5n), other: versionedFrame(2, 6n) };
    assert.deepEqual(await trial.raise(frames, { ttlMs: 150 }), [true, false, true]);
    await trial.holds(["low", "high", "other"], [frames.low, versionedFrame(1, 9n), frames.other]);
    await trial.isGoneAfter(150, "low");
    await trial.holds(["high", "other"], [versionedFrame(1, 9n), undefined]);
    assert.deepEqual(await trial.raise({ low: frames.low }, { ttlMs: Number.POSITIVE_INFINITY }), [true]);
    assert.deepEqual(await trial.raise({}), []);
  },
  "of many who raise a key at the same time the highest version stays": async (trial) => {
    if (trial.fence.raise === undefined) return;
    const numbers = Array.from({ length: 20 }, (_, index) => ((index * 7) % 20) + 1);
    await Promise.all(numbers.map((number) => trial.raise({ 1: versionedFrame(number, BigInt(number)) })));
    await trial.holds(["1"], [versionedFrame(20, 20n)]);
  },
  "it is announced, and found done by who hears of it, also where it was refused": async (trial) => {
    if (trial.tier.bus === undefined || trial.fence.raise === undefined) return;
    const found: Promise<Uint8Array | undefined>[] = [];
    const other = await trial.another();
    const ear = await trial.listen(other, () => found.push(trial.readThrough(other, "1")));
    await trial.listen();
    for (const [version, announce] of [
      [7n, "higher"],
      [6n, "lower"],
    ] as const) {
      await trial.raise({ 1: versionedFrame(Number(version), version) }, { announce });
      await ear.hears(`message ${announce}`);
    }
    assert.deepEqual(await Promise.all(found), [versionedFrame(7, 7n), versionedFrame(7, 7n)]);
  },
};
