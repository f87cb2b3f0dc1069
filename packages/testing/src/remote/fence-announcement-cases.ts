import assert from "node:assert/strict";
import type { Proofs } from "../contract-case.ts";
import type { FenceTrial } from "./fence-trial.ts";
import { placeholder, revision, valueFrame } from "./frame-specimens.ts";

/** What is announced with the end of a lease. A tier without a bus announces nothing, and has nothing to prove. */
export const announcementCases: Proofs<FenceTrial> = {
  "a commit that somebody waits for is announced, and found done by who hears of it": async (trial) => {
    if (trial.tier.bus === undefined) return;
    const found = await foundOnHearing(trial, async () => {
      await trial.acquire("1", placeholder(1));
      await trial.wait("1", revision(1));
      await trial.commit("1", [revision(1), valueFrame(2)], { announce: "ended" });
    });
    assert.deepEqual(found, [valueFrame(2)]);
  },
  "a release that somebody waits for is announced, and found done by who hears of it": async (trial) => {
    if (trial.tier.bus === undefined) return;
    const found = await foundOnHearing(trial, async () => {
      await trial.acquire("1", placeholder(1));
      await trial.wait("1", revision(1));
      await trial.release("1", revision(1), { announce: "ended" });
    });
    assert.deepEqual(found, [undefined]);
  },
  "what nobody waits for is not announced": async (trial) => {
    if (trial.tier.bus === undefined) return;
    const found = await foundOnHearing(trial, async () => {
      await trial.acquire("1", placeholder(1));
      await trial.commit("1", [revision(1), valueFrame(2)], { announce: "ended" });
      await trial.commit("1", [revision(2), valueFrame(3)], { announce: "ended" });
      await trial.release("1", revision(3), { announce: "ended" });
    });
    assert.deepEqual(found, []);
  },
  "what is refused is not announced": async (trial) => {
    if (trial.tier.bus === undefined) return;
    const found = await foundOnHearing(trial, async () => {
      await trial.acquire("1", placeholder(1));
      await trial.wait("1", revision(1));
      for (const name of ["1", "absent"]) {
        await trial.commit(name, [revision(2), valueFrame(3)], { announce: "ended" });
        await trial.release(name, revision(2), { announce: "ended" });
      }
    });
    assert.deepEqual(found, []);
  },
  "what is not to be announced is not": async (trial) => {
    if (trial.tier.bus === undefined) return;
    const found = await foundOnHearing(trial, async () => {
      await trial.acquire("1", placeholder(1));
      await trial.wait("1", revision(1));
      await trial.commit("1", [revision(1), valueFrame(2)]);
    });
    assert.deepEqual(found, []);
  },
};

/** What another process finds under the key `1` whenever it hears that something has ended. */
async function foundOnHearing(
  trial: FenceTrial,
  run: () => Promise<void>,
): Promise<readonly (Uint8Array | undefined)[]> {
  const reads: Promise<Uint8Array | undefined>[] = [];
  const other = await trial.another();
  const ear = await trial.listen(other, () => reads.push(trial.readThrough(other, "1")));
  await trial.listen();
  await run();
  await ear.catchesUp();
  assert.deepEqual(
    ear.messages,
    reads.map(() => "ended"),
  );
  return Promise.all(reads);
}
