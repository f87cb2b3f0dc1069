import assert from "node:assert/strict";
import { FRAME_IDENTITY } from "@tiercache/core";
import type { Proofs } from "../contract-case.ts";
import type { FenceTrial } from "./fence-trial.ts";
import { placeholder, placeholderOver, revision, tombstone, valueFrame, versionedFrame } from "./frame-specimens.ts";

const { minimum, revisionFrom, revisionBytes } = FRAME_IDENTITY;

/** What a removal, or the word that values are out of date, leaves where it is: what keeps older values out. */
export const removalCases: Proofs<FenceTrial> = {
  "a tombstone outlives a removal, for its time": async (trial) => {
    if (!(await trial.bury(["removed", "outdated"], 1, { leaseMs: 150 }))) return;
    await trial.remove("removed");
    if (!(await trial.outdate(["outdated"], 2))) await trial.remove("outdated");
    await trial.holds(["removed", "outdated"], [tombstone(1), tombstone(1)]);
    await trial.isGoneAfter(150, "removed");
    await trial.holds(["outdated"], [undefined]);
  },
  "a minimum outlives a removal, and no load that began before it is accepted": async (trial) => {
    if (trial.fence.raise === undefined) return;
    const names = ["removed", "outdated"];
    for (const name of names) await trial.write(name, versionedFrame(1, 7n, minimum), 150);
    await trial.remove("removed");
    if (!(await trial.outdate(["outdated"], 2))) await trial.remove("outdated");
    for (const name of names) {
      await staysAnew(trial, name, versionedFrame(1, 7n, minimum));
      assert.equal(await trial.commit(name, [revision(1), versionedFrame(3, 7n)]), false);
      assert.deepEqual(await trial.raise({ [name]: versionedFrame(4, 6n) }), [false]);
    }
    await trial.isGoneAfter(150, "removed");
  },
  "of a lease over a minimum the minimum outlives a removal, and the lease does not": async (trial) => {
    if (trial.fence.raise === undefined) return;
    await trial.write("1", placeholderOver(2, versionedFrame(1, 7n, minimum)));
    await trial.remove("1");
    await staysAnew(trial, "1", versionedFrame(1, 7n, minimum));
    for (const before of [1, 2])
      assert.equal(await trial.commit("1", [revision(before), versionedFrame(3, 9n)]), false);
  },
  "values, leases and values behind leases do not outlive a removal": async (trial) => {
    await trial.write("value", valueFrame(1));
    await trial.acquire("leased", placeholder(1));
    await trial.write("behind", placeholderOver(2, valueFrame(1)));
    await trial.write("versioned", versionedFrame(1, 7n));
    const names = ["value", "leased", "behind", "versioned"];
    await trial.remove(...names);
    await trial.holds(
      names,
      names.map(() => undefined),
    );
  },
};

/** Asserts that a frame lies there as it was but for its revision. */
async function staysAnew(trial: FenceTrial, name: string, was: Uint8Array): Promise<void> {
  const [held = new Uint8Array(0)] = await trial.readMany([name]);
  const own = held.slice(revisionFrom, revisionFrom + revisionBytes);
  assert.notDeepEqual(own, was.slice(revisionFrom, revisionFrom + revisionBytes));
  const as = new Uint8Array(was);
  as.set(own, revisionFrom);
  assert.deepEqual(new Uint8Array(held), as);
}
