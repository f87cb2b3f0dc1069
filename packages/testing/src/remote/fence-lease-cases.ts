import assert from "node:assert/strict";
import { FRAME_IDENTITY } from "@tiercache/core";
import type { Proofs } from "../contract-case.ts";
import type { FenceTrial } from "./fence-trial.ts";
import { inState, placeholder, revision, valueFrame } from "./frame-specimens.ts";

const { awaited } = FRAME_IDENTITY;

/** Who gets a lease, and for how long. */
export const leaseCases: Proofs<FenceTrial> = {
  "a lease is granted where nothing is, and its placeholder lies there": async (trial) => {
    assert.equal(await trial.acquire("1", placeholder(1)), true);
    await trial.holds(["1"], [placeholder(1)]);
  },
  "no lease is granted where anything is, and that is left as it is": async (trial) => {
    for (const held of [valueFrame(1), placeholder(1), Uint8Array.of(7), new Uint8Array(0)]) {
      await trial.write("1", held);
      assert.equal(await trial.acquire("1", placeholder(2)), false);
      await trial.holds(["1"], [held]);
    }
  },
  "a lease that is not granted leaves what is there its life": async (trial) => {
    await trial.write("1", valueFrame(1), 150);
    assert.equal(await trial.acquire("1", placeholder(2)), false);
    await trial.isGoneAfter(150, "1");
  },
  "leases of many keys are granted one by one, in their order": async (trial) => {
    await trial.write("held", valueFrame(1));
    const leases = ["a", "held", "b", "a", "c"].map((name, index) => [name, placeholder(index + 2)] as const);
    assert.deepEqual(await trial.acquireMany(leases), [true, false, true, false, true]);
    const expected = [placeholder(2), valueFrame(1), placeholder(4), placeholder(6)];
    await trial.holds(["a", "held", "b", "c"], expected);
  },
  "no leases are granted where none are asked for": async (trial) => {
    assert.deepEqual(await trial.acquireMany([]), []);
  },
  "of many who ask at the same time one is granted the lease": async (trial) => {
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    const granted = await Promise.all(numbers.map((number) => trial.acquire("1", placeholder(number))));
    assert.equal(granted.filter(Boolean).length, 1);
    await trial.holds(["1"], [placeholder(granted.indexOf(true) + 1)]);
  },
  "a lease is gone after its time, and may be granted again": async (trial) => {
    await trial.acquire("1", placeholder(1), 150);
    await trial.isGoneAfter(150, "1");
    assert.equal(await trial.acquire("1", placeholder(2)), true);
  },
  "a lease may last less than a millisecond, and longer than the tier can count": async (trial) => {
    for (const [index, leaseMs] of [0.25, Number.MIN_VALUE].entries()) {
      assert.equal(await trial.acquire("1", placeholder(index), leaseMs), true);
      await trial.isGoneAfter(leaseMs, "1");
    }
    for (const leaseMs of [2 ** 31, 2 ** 53, 1e21, Number.MAX_VALUE]) {
      assert.equal(await trial.acquire(`${leaseMs}`, placeholder(1), leaseMs), true);
      await trial.holds([`${leaseMs}`], [placeholder(1)]);
    }
  },
  "a lease that was removed may be granted again": async (trial) => {
    await trial.acquire("1", placeholder(1));
    await trial.remove("1");
    assert.equal(await trial.acquire("1", placeholder(2)), true);
    await trial.holds(["1"], [placeholder(2)]);
  },
  "what is put there need not be a placeholder": async (trial) => {
    assert.equal(await trial.acquire("1", valueFrame(1)), true);
    await trial.holds(["1"], [valueFrame(1)]);
  },
  "the tier keeps no view of a placeholder, which may be a part of a larger buffer": async (trial) => {
    const larger = Buffer.concat([Uint8Array.of(1, 2, 3), placeholder(1), Uint8Array.of(4)]);
    await trial.acquire("1", larger.subarray(3, -1));
    larger.fill(0);
    await trial.holds(["1"], [placeholder(1)]);
  },
};

/** What is known of those who wait. */
export const waitCases: Proofs<FenceTrial> = {
  "that somebody waits stands in the placeholder, of which nothing else changes": async (trial) => {
    await trial.acquire("1", placeholder(1));
    assert.equal(await trial.wait("1", revision(1)), true);
    await trial.holds(["1"], [inState(placeholder(1), awaited)]);
  },
  "many may wait for one": async (trial) => {
    await trial.acquire("1", placeholder(1));
    const answers = await Promise.all([trial.wait("1", revision(1)), trial.wait("1", revision(1))]);
    assert.deepEqual([...answers, await trial.wait("1", revision(1))], [true, true, true]);
    await trial.holds(["1"], [inState(placeholder(1), awaited)]);
  },
  "waiting makes a lease no longer": async (trial) => {
    await trial.acquire("1", placeholder(1), 150);
    assert.equal(await trial.wait("1", revision(1)), true);
    await trial.isGoneAfter(150, "1");
  },
  "waiting makes a lease no shorter": async (trial) => {
    await trial.acquire("1", placeholder(1), 60_000);
    await trial.wait("1", revision(1));
    await trial.passes(100);
    await trial.holds(["1"], [inState(placeholder(1), awaited)]);
  },
  "where nothing is there is nothing to wait for, and nothing is put there": async (trial) => {
    await trial.acquire("1", placeholder(1));
    await trial.remove("1");
    for (const name of ["1", "absent"]) assert.equal(await trial.wait(name, revision(1)), false);
    await trial.holds(["1", "absent"], [undefined, undefined]);
  },
  "there is nothing to wait for where another lease or a value is, and that is left as it is": async (trial) => {
    for (const held of [placeholder(2), valueFrame(2), valueFrame(1), placeholder(1).subarray(0, 20)]) {
      await trial.write("1", held);
      assert.equal(await trial.wait("1", revision(1)), false);
      await trial.holds(["1"], [held]);
    }
  },
  "who waited may be committed to, and then there is nothing to wait for": async (trial) => {
    await trial.acquire("1", placeholder(1));
    await trial.wait("1", revision(1));
    assert.equal(await trial.commit("1", [revision(1), valueFrame(2)]), true);
    assert.equal(await trial.wait("1", revision(1)), false);
    await trial.holds(["1"], [valueFrame(2)]);
  },
};
