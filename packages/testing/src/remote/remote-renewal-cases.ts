import assert from "node:assert/strict";
import type { Proofs } from "../contract-case.ts";
import type { RemoteTrial } from "./remote-trial.ts";

const OLD = Uint8Array.of(1, 2, 3, 0, 13, 10, 255, 42);
const HEADER = Uint8Array.of(9, 0, 10);
const RENEWED = Uint8Array.of(9, 0, 10, 0, 13, 10, 255, 42);

/** Prolonging a frame where it lies. A tier that cannot do this has no such member, and nothing to prove. */
export const renewalCases: Proofs<RemoteTrial> = {
  "a prolonged frame has its new beginning, its old rest and its new life": async (trial) => {
    if (trial.tier.renew === undefined) return;
    await trial.write("1", OLD, 100);
    assert.equal(await trial.renew("1", { expected: OLD.subarray(0, 3), header: HEADER, ttlMs: 60_000 }), true);
    await trial.passes(150);
    await trial.holds(["1"], [RENEWED]);
    assert.equal(await trial.renew("1", { expected: RENEWED.subarray(0, 3), header: HEADER, ttlMs: 100 }), true);
    await trial.isGoneAfter(100, "1");
  },
  "a frame that begins otherwise is left as it is, and so is its life": async (trial) => {
    if (trial.tier.renew === undefined) return;
    await trial.write("1", OLD, 150);
    const forever = Number.POSITIVE_INFINITY;
    const expected = Uint8Array.of(1, 2, 4);
    assert.equal(await trial.renew("1", { expected, header: HEADER, ttlMs: forever }), false);
    await trial.holds(["1"], [OLD]);
    await trial.isGoneAfter(150, "1");
  },
  "a frame that is gone is not brought back": async (trial) => {
    if (trial.tier.renew === undefined) return;
    await trial.write("1", OLD);
    await trial.remove("1");
    for (const name of ["1", "absent"]) {
      const renewal = { expected: OLD.subarray(0, 3), header: HEADER, ttlMs: 60_000 };
      assert.equal(await trial.renew(name, renewal), false);
    }
    await trial.holds(["1", "absent"], [undefined, undefined]);
  },
  "a frame that is shorter than expected is left as it is": async (trial) => {
    if (trial.tier.renew === undefined) return;
    await trial.write("1", OLD.subarray(0, 2));
    assert.equal(await trial.renew("1", { expected: OLD.subarray(0, 3), header: HEADER, ttlMs: 60_000 }), false);
    await trial.holds(["1"], [OLD.subarray(0, 2)]);
  },
  "a frame may be prolonged for ever, and for less than a millisecond": async (trial) => {
    if (trial.tier.renew === undefined) return;
    const expected = HEADER;
    for (const ttlMs of [Number.POSITIVE_INFINITY, Number.MAX_VALUE, 0.25]) {
      await trial.write("1", RENEWED, 60_000);
      assert.equal(await trial.renew("1", { expected, header: HEADER, ttlMs }), true);
    }
    await trial.isGoneAfter(1, "1");
  },
};
