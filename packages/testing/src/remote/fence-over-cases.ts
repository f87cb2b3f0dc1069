import assert from "node:assert/strict";
import { FRAME_IDENTITY } from "@tiercache/core";
import type { Proofs } from "../contract-case.ts";
import type { FenceTrial } from "./fence-trial.ts";
import { inState, placeholder, revision, tombstone, valueFrame } from "./frame-specimens.ts";

const { awaited, outdated } = FRAME_IDENTITY;

/** Leases that are taken over frames which are no longer good. */
export const overCases: Proofs<FenceTrial> = {
  "a lease is granted over the frame that it says, in whose place its placeholder lies": async (trial) => {
    for (const held of [valueFrame(1), inState(valueFrame(1), outdated)]) {
      await trial.write("1", held);
      assert.equal(await trial.acquireOver("1", [revision(1), placeholder(2)]), true);
      await trial.holds(["1"], [placeholder(2)]);
    }
  },
  "a lease that keeps the frame it lies over has it right behind its placeholder": async (trial) => {
    const large = valueFrame(1, "\0\r\n%\\".repeat(5_000));
    await trial.write("1", large);
    assert.equal(await trial.acquireOver("1", [revision(1), placeholder(2)], { keeps: true }), true);
    await trial.holds(["1"], [Buffer.concat([placeholder(2), large])]);
    assert.equal(await trial.wait("1", revision(2)), true);
    await trial.holds(["1"], [Buffer.concat([inState(placeholder(2), awaited), large])]);
    assert.equal(await trial.commit("1", [revision(2), valueFrame(3)]), true);
    await trial.holds(["1"], [valueFrame(3)]);
  },
  "a lease over a frame lasts no longer than any other, however long the frame would have": async (trial) => {
    await trial.write("1", valueFrame(1), 60_000);
    assert.equal(await trial.acquireOver("1", [revision(1), placeholder(2)], { leaseMs: 150 }), true);
    await trial.isGoneAfter(150, "1");
  },
  "one that keeps its frame is there as long as that would have been, but no shorter than it lasts": async (trial) => {
    await trial.write("longer", valueFrame(1), 60_000);
    await trial.write("for ever", valueFrame(1), Number.POSITIVE_INFINITY);
    await trial.write("shorter", valueFrame(1), 100);
    for (const name of ["longer", "for ever", "shorter"])
      assert.equal(await trial.acquireOver(name, [revision(1), placeholder(2)], { keeps: true, leaseMs: 500 }), true);
    await trial.passes(200);
    const kept = Buffer.concat([placeholder(2), valueFrame(1)]);
    await trial.holds(["shorter"], [kept]);
    await trial.passes(400);
    await trial.holds(["longer", "for ever", "shorter"], [kept, kept, undefined]);
  },
  "no lease is granted over another frame, nor over what is none, and that is left as it is": async (trial) => {
    for (const held of [valueFrame(2), Uint8Array.of(7), new Uint8Array(0), valueFrame(1).subarray(0, 20)]) {
      await trial.write("1", held);
      assert.equal(await trial.acquireOver("1", [revision(1), placeholder(3)], { keeps: true }), false);
      await trial.holds(["1"], [held]);
    }
  },
  "no lease is granted over a placeholder or a tombstone, whatever its revision": async (trial) => {
    for (const held of [placeholder(1), inState(placeholder(1), awaited), tombstone(1)]) {
      await trial.write("1", held);
      assert.equal(await trial.acquireOver("1", [revision(1), placeholder(2)]), false);
      await trial.holds(["1"], [held]);
    }
  },
  "a lease over a frame that is gone meanwhile is one of an absent key": async (trial) => {
    assert.equal(await trial.acquireOver("1", [revision(1), placeholder(2)], { keeps: true }), true);
    await trial.holds(["1"], [placeholder(2)]);
  },
  "of many who ask for a lease over the same frame one is granted it": async (trial) => {
    await trial.write("1", valueFrame(1));
    const numbers = Array.from({ length: 20 }, (_, index) => index + 2);
    const granted = await Promise.all(
      numbers.map((number) => trial.acquireOver("1", [revision(1), placeholder(number)])),
    );
    assert.equal(granted.filter(Boolean).length, 1);
    await trial.holds(["1"], [placeholder(granted.indexOf(true) + 2)]);
  },
  "leases over frames and of absent keys are granted together, one by one": async (trial) => {
    for (const name of ["b", "c"]) await trial.write(name, valueFrame(1));
    const leases = ["a", "b", "c", "a"].map((name, index) => [name, placeholder(index + 2)] as const);
    const overs = { b: revision(1), c: revision(2) };
    assert.deepEqual(await trial.acquireMany(leases, undefined, overs), [true, true, false, false]);
    await trial.holds(["a", "b", "c"], [placeholder(2), placeholder(3), valueFrame(1)]);
  },
};
