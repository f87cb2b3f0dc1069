import assert from "node:assert/strict";
import { FRAME_IDENTITY } from "@tiercache/core";
import type { Proofs } from "../contract-case.ts";
import type { FenceTrial } from "./fence-trial.ts";
import { inState, placeholder, revision, tombstone, valueFrame } from "./frame-specimens.ts";

const { outdated, awaited } = FRAME_IDENTITY;

/** What becomes of values that are out of date. A fence that cannot outdate has nothing to prove. */
export const outdatingCases: Proofs<FenceTrial> = {
  "a value that is out of date has another state and the given revision, and nothing else of it changes": async (
    trial,
  ) => {
    await trial.write("1", valueFrame(1));
    if (!(await trial.outdate(["1"], 2))) return;
    await trial.holds(["1"], [outdatedFrame(1, 2)]);
  },
  "of one that is out of date already the first half of the revision stays": async (trial) => {
    await trial.write("1", valueFrame(1));
    if (!(await trial.outdate(["1"], 2))) return;
    const [first] = await trial.readMany(["1"]);
    const other = revision(7).with(0, 99).with(7, 98).with(8, 97);
    await trial.fence.outdate?.([{ key: trial.key("1"), revision: other }], trial.call);
    const expected = new Uint8Array(first ?? []);
    expected.set(other.subarray(8), FRAME_IDENTITY.revisionFrom + 8);
    await trial.holds(["1"], [expected]);
  },
  "being out of date makes a life neither longer nor shorter": async (trial) => {
    await trial.write("short", valueFrame(1), 150);
    await trial.write("long", valueFrame(1), 60_000);
    if (!(await trial.outdate(["short", "long"], 2))) return;
    await trial.isGoneAfter(150, "short");
    await trial.holds(["long"], [outdatedFrame(1, 2)]);
  },
  "whoever saw a value before it was out of date may not replace it, and who has seen it since may": async (trial) => {
    await trial.write("1", valueFrame(1));
    if (!(await trial.outdate(["1"], 2))) return;
    assert.equal(await trial.commit("1", [revision(1), valueFrame(3)]), false);
    assert.equal(await trial.commit("1", [revision(2), valueFrame(3)]), true);
    await trial.holds(["1"], [valueFrame(3)]);
    await trial.outdate(["1"], 4);
    await trial.outdate(["1"], 5);
    assert.equal(await trial.commit("1", [revision(4), valueFrame(6)]), false);
    assert.equal(await trial.commit("1", [revision(5), valueFrame(6)]), true);
  },
  "a header that was seen before may not prolong what is out of date": async (trial) => {
    const frame = valueFrame(1);
    await trial.write("1", frame);
    if (trial.tier.renew === undefined || !(await trial.outdate(["1"], 2))) return;
    const [expected, header] = [frame.subarray(0, 64), valueFrame(3).subarray(0, 64)];
    assert.equal(await trial.renew("1", { expected, header, ttlMs: 60_000 }), false);
    await trial.holds(["1"], [outdatedFrame(1, 2)]);
  },
  "what is no value is removed: a lease, foreign bytes": async (trial) => {
    const names = ["leased", "awaited", "short", "empty", "absent"];
    await trial.acquire("leased", placeholder(1));
    await trial.write("awaited", inState(placeholder(1), awaited));
    await trial.write("short", valueFrame(1).subarray(0, 23));
    await trial.write("empty", new Uint8Array(0));
    if (!(await trial.outdate(names, 2))) return;
    await trial.holds(
      names,
      names.map(() => undefined),
    );
    assert.equal(await trial.commit("leased", [revision(1), valueFrame(3)]), false);
  },
  "values of many keys are out of date at once, each with a revision of its own": async (trial) => {
    const names = Array.from({ length: 300 }, (_, index) => `${index}`);
    for (const name of names) await trial.write(name, valueFrame(1));
    const { outdate } = trial.fence;
    if (outdate === undefined) return;
    const outdatings = names.map((name, index) => ({ key: trial.key(name), revision: revision(index % 250) }));
    await outdate.call(trial.fence, outdatings, trial.call);
    await trial.holds(
      names,
      names.map((_, index) => outdatedFrame(1, index % 250)),
    );
  },
  "that values are out of date is announced, and found done by who hears of it": async (trial) => {
    if (trial.tier.bus === undefined || trial.fence.outdate === undefined) return;
    await trial.write("1", valueFrame(1));
    const found: Promise<Uint8Array | undefined>[] = [];
    const other = await trial.another();
    const ear = await trial.listen(other, () => found.push(trial.readThrough(other, "1")));
    await trial.listen();
    await trial.outdate(["1", "absent"], 2, "stale");
    await ear.hears("message stale");
    await Promise.all(found);
    await trial.outdate(["1"], 3);
    await ear.catchesUp();
    assert.deepEqual([ear.messages, await Promise.all(found)], [["stale"], [outdatedFrame(1, 2)]]);
  },
};

/** What tombstones do. A fence that cannot bury has nothing to prove. */
export const burialCases: Proofs<FenceTrial> = {
  "a tombstone takes the place of whatever is there": async (trial) => {
    await trial.write("value", valueFrame(1));
    await trial.acquire("leased", placeholder(1));
    const names = ["value", "leased", "absent"];
    if (!(await trial.bury(names, 2))) return;
    await trial.holds(
      names,
      names.map(() => tombstone(2)),
    );
  },
  "where a tombstone is no lease is granted, and no right from before it is good": async (trial) => {
    await trial.write("value", valueFrame(1));
    await trial.acquire("leased", placeholder(1));
    if (!(await trial.bury(["value", "leased"], 2))) return;
    for (const name of ["value", "leased"]) {
      assert.equal(await trial.acquire(name, placeholder(3)), false);
      assert.equal(await trial.commit(name, [revision(1), valueFrame(4)]), false);
      assert.equal(await trial.release(name, revision(1)), false);
      assert.equal(await trial.wait(name, revision(2)), false);
      await trial.holds([name], [tombstone(2)]);
    }
  },
  "a tombstone takes the place of one that ends before it, and of no other": async (trial) => {
    if (!(await trial.bury(["1"], 1, { leaseMs: 150 }))) return;
    await trial.bury(["1"], 2, { leaseMs: 60_000 });
    await trial.holds(["1"], [tombstone(2)]);
    await trial.bury(["1"], 3, { leaseMs: 150 });
    await trial.passes(300);
    await trial.holds(["1"], [tombstone(2)]);
  },
  "a tombstone is gone after its time, whatever life was there before": async (trial) => {
    await trial.write("1", valueFrame(1));
    if (!(await trial.bury(["1"], 2, { leaseMs: 150 }))) return;
    await trial.isGoneAfter(150, "1");
    assert.equal(await trial.acquire("1", placeholder(3)), true);
  },
  "a value that is written takes the place of a tombstone": async (trial) => {
    if (!(await trial.bury(["1"], 2))) return;
    await trial.write("1", valueFrame(1));
    await trial.holds(["1"], [valueFrame(1)]);
  },
  "a burial is announced, and found done by who hears of it": async (trial) => {
    if (trial.tier.bus === undefined || trial.fence.bury === undefined) return;
    const found: Promise<Uint8Array | undefined>[] = [];
    const other = await trial.another();
    const ear = await trial.listen(other, () => found.push(trial.readThrough(other, "1")));
    await trial.listen();
    await trial.bury(["1", "2"], 2, { announce: "gone" });
    await ear.hears("message gone");
    await Promise.all(found);
    await trial.bury(["1"], 3);
    await ear.catchesUp();
    assert.deepEqual([ear.messages, await Promise.all(found)], [["gone"], [tombstone(2)]]);
  },
};

/** A value's frame as it is once it has been told to be out of date. */
function outdatedFrame(number: number, by: number): Uint8Array {
  const frame = inState(valueFrame(number), outdated);
  frame.set(revision(by), FRAME_IDENTITY.revisionFrom);
  return frame;
}
