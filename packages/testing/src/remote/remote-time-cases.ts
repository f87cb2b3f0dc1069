import assert from "node:assert/strict";
import type { Proofs } from "../contract-case.ts";
import type { RemoteTrial } from "./remote-trial.ts";

const FRAME = Uint8Array.of(1, 2, 3);

/** 2001 to 2100: anything else is not a time since 1970 in milliseconds. */
const PLAUSIBLE_FROM = Date.UTC(2001, 0);
const PLAUSIBLE_UNTIL = Date.UTC(2100, 0);

/** When frames are gone. */
export const expiryCases: Proofs<RemoteTrial> = {
  "a frame is there within its life": async (trial) => {
    await trial.write("1", FRAME, 60_000);
    await trial.holds(["1"], [FRAME]);
  },
  "a frame is gone after its life": async (trial) => {
    await trial.write("1", FRAME, 150);
    await trial.isGoneAfter(150, "1");
  },
  "a life of Infinity does not end": async (trial) => {
    await trial.write("1", FRAME, Number.POSITIVE_INFINITY);
    await trial.passes(100);
    await trial.holds(["1"], [FRAME]);
  },
  "a life beyond what the tier can count is long, and no failure": async (trial) => {
    for (const ttlMs of [2 ** 31, 2 ** 53, 1e21, Number.MAX_VALUE]) {
      await trial.write("1", FRAME, ttlMs);
      await trial.holds(["1"], [FRAME]);
    }
  },
  "a life with a fraction is kept and ends": async (trial) => {
    await trial.write("1", FRAME, 150.25);
    await trial.isGoneAfter(150.25, "1");
  },
  "a life below 1 ms is neither refused nor without end": async (trial) => {
    for (const ttlMs of [0.9, 0.001, Number.MIN_VALUE]) {
      await trial.write("1", FRAME, ttlMs);
      await trial.isGoneAfter(ttlMs, "1");
    }
  },
  "a frame that is written anew lives anew": async (trial) => {
    await trial.write("1", FRAME, 100);
    await trial.write("1", FRAME, Number.POSITIVE_INFINITY);
    await trial.passes(150);
    await trial.holds(["1"], [FRAME]);
    await trial.write("1", FRAME, 100);
    await trial.isGoneAfter(100, "1");
  },
};

/** The tier's own time, and its end. */
export const timeCases: Proofs<RemoteTrial> = {
  "the tier's time is known once it has answered a read": async (trial) => {
    await trial.read("absent");
    const now = trial.tier.now();
    assert.ok(now !== undefined && now > PLAUSIBLE_FROM && now < PLAUSIBLE_UNTIL, `now() is ${now}`);
  },
  "the tier's time goes forward": async (trial) => {
    await trial.read("absent");
    const before = trial.tier.now();
    await trial.passes(50);
    const after = trial.tier.now();
    assert.ok(before !== undefined && after !== undefined);
    // Learned anew meanwhile, it may be off by a part of a round trip.
    assert.ok(after - before > 25 && after - before < 30_000, `50 ms were ${after - before}`);
  },
  "a remote tier has a name for events": async (trial) => {
    assert.match(trial.tier.name, /^[\w.-]+$/);
  },
  "closing twice is closing once": async (trial) => {
    await trial.write("1", FRAME);
    await trial.tier.close();
    await trial.tier.close();
  },
};
