import assert from "node:assert/strict";
import { FRAME_IDENTITY } from "@tiercache/core";
import type { Proofs } from "../contract-case.ts";
import type { FenceTrial } from "./fence-trial.ts";
import { inState, placeholder, revision, valueFrame } from "./frame-specimens.ts";

const { leased, awaited, revisionFrom, revisionBytes } = FRAME_IDENTITY;
const FOREVER = Number.POSITIVE_INFINITY;

/** What may take the place of what. */
export const commitCases: Proofs<FenceTrial> = {
  "a frame takes the place of the placeholder with the expected revision": async (trial) => {
    await trial.acquire("1", placeholder(1));
    assert.equal(await trial.commit("1", [revision(1), valueFrame(2)]), true);
    await trial.holds(["1"], [valueFrame(2)]);
  },
  "a frame takes the place of the frame with the expected revision, in whatever state that is": async (trial) => {
    for (const [index, state] of [leased, awaited, 0x46, 0, 255].entries()) {
      await trial.write("1", inState(valueFrame(index), state));
      assert.equal(await trial.commit("1", [revision(index), valueFrame(9, "a much longer body than before")]), true);
      await trial.holds(["1"], [valueFrame(9, "a much longer body than before")]);
    }
  },
  "a committed frame lives as long as it is committed for": async (trial) => {
    await trial.acquire("1", placeholder(1), 100);
    await trial.commit("1", [revision(1), valueFrame(2)], { ttlMs: FOREVER });
    await trial.passes(150);
    await trial.holds(["1"], [valueFrame(2)]);
    await trial.commit("1", [revision(2), valueFrame(3)], { ttlMs: 100 });
    await trial.isGoneAfter(100, "1");
  },
  "a frame may be committed for less than a millisecond, and for longer than the tier can count": async (trial) => {
    for (const ttlMs of [2 ** 53, 1e21, Number.MAX_VALUE, 0.25]) {
      await trial.write("1", placeholder(1));
      assert.equal(await trial.commit("1", [revision(1), valueFrame(2)], { ttlMs }), true);
      if (ttlMs > 1) await trial.holds(["1"], [valueFrame(2)]);
    }
    await trial.isGoneAfter(1, "1");
  },
  "every byte of a revision counts, and no other byte": async (trial) => {
    for (let at = revisionFrom - 1; at <= revisionFrom + revisionBytes; at++) {
      const near = valueFrame(1);
      near[at] = (near[at] as number) ^ 0x20;
      await trial.write("1", near);
      const isOther = at >= revisionFrom && at < revisionFrom + revisionBytes;
      assert.equal(await trial.commit("1", [revision(1), valueFrame(2)]), !isOther, `byte ${at} is another`);
      await trial.holds(["1"], [isOther ? near : valueFrame(2)]);
    }
  },
  "a refused commit leaves what is there its life": async (trial) => {
    await trial.write("1", valueFrame(1), 150);
    assert.equal(await trial.commit("1", [revision(2), valueFrame(3)], { ttlMs: FOREVER }), false);
    await trial.isGoneAfter(150, "1");
  },
  "nothing is committed where nothing is": async (trial) => {
    await trial.acquire("removed", placeholder(1));
    await trial.remove("removed");
    await trial.acquire("expired", placeholder(1), 50);
    await trial.isGoneAfter(50, "expired");
    for (const name of ["absent", "removed", "expired"]) {
      assert.equal(await trial.commit(name, [revision(1), valueFrame(2)]), false);
    }
    await trial.holds(["absent", "removed", "expired"], [undefined, undefined, undefined]);
  },
  "who has lost his lease to another is refused, and the other is not": async (trial) => {
    await trial.acquire("1", placeholder(1));
    await trial.remove("1");
    await trial.acquire("1", placeholder(2));
    assert.equal(await trial.commit("1", [revision(1), valueFrame(3)]), false);
    await trial.holds(["1"], [placeholder(2)]);
    assert.equal(await trial.commit("1", [revision(2), valueFrame(4)]), true);
    assert.equal(await trial.commit("1", [revision(2), valueFrame(5)]), false);
    await trial.holds(["1"], [valueFrame(4)]);
  },
  "of many commits at the same time one is accepted": async (trial) => {
    await trial.acquire("1", placeholder(1));
    const numbers = Array.from({ length: 20 }, (_, index) => index + 2);
    const accepted = await Promise.all(numbers.map((number) => trial.commit("1", [revision(1), valueFrame(number)])));
    assert.equal(accepted.filter(Boolean).length, 1);
    await trial.holds(["1"], [valueFrame(accepted.indexOf(true) + 2)]);
  },
  "what is too short to be a frame is never replaced": async (trial) => {
    for (const length of [0, 5, revisionFrom, revisionFrom + revisionBytes - 1]) {
      const short = placeholder(1).subarray(0, length);
      await trial.write("1", short);
      assert.equal(await trial.commit("1", [revision(1), valueFrame(2)]), false);
      await trial.holds(["1"], [short]);
    }
  },
  "the tier keeps no view of a committed frame, which may be a part of a larger buffer": async (trial) => {
    await trial.acquire("1", placeholder(1));
    const larger = Buffer.concat([revision(1), valueFrame(2)]);
    assert.equal(await trial.commit("1", [larger.subarray(0, 16), larger.subarray(16)]), true);
    larger.fill(0);
    await trial.holds(["1"], [valueFrame(2)]);
  },
};

/** Leases that are given up. */
export const releaseCases: Proofs<FenceTrial> = {
  "a released lease is gone, and may be granted at once": async (trial) => {
    await trial.acquire("1", placeholder(1));
    assert.equal(await trial.release("1", revision(1)), true);
    await trial.holds(["1"], [undefined]);
    assert.equal(await trial.acquire("1", placeholder(2)), true);
  },
  "a lease that somebody waits for is released like any other, and so is a frame": async (trial) => {
    await trial.write("1", inState(placeholder(1), awaited));
    assert.equal(await trial.release("1", revision(1)), true);
    await trial.write("2", valueFrame(2));
    assert.equal(await trial.release("2", revision(2)), true);
    await trial.holds(["1", "2"], [undefined, undefined]);
  },
  "what has another revision or is no frame is not released": async (trial) => {
    for (const held of [placeholder(2), valueFrame(2), placeholder(1).subarray(0, 20), new Uint8Array(0)]) {
      await trial.write("1", held);
      assert.equal(await trial.release("1", revision(1)), false);
      await trial.holds(["1"], [held]);
    }
  },
  "what is not released keeps its life": async (trial) => {
    await trial.write("1", valueFrame(2), 150);
    assert.equal(await trial.release("1", revision(1)), false);
    await trial.isGoneAfter(150, "1");
  },
  "where nothing is nothing is released": async (trial) => {
    assert.equal(await trial.release("absent", revision(1)), false);
  },
};
