import assert from "node:assert/strict";
import type { Proofs } from "../contract-case.ts";
import type { LockTrial } from "./lock-trial.ts";

const SHORT_MS = 150;

/** Who holds a lock, and for how long. */
export const holdingCases: Proofs<LockTrial> = {
  "a lock that nobody holds is granted, and to nobody else": async (trial) => {
    await trial.locks("1", "a");
    const leftMs = await trial.isRefused("1", "b");
    assert.ok(leftMs > 0 && leftMs <= 60_000, `${leftMs} ms of a lease of 60000 are left`);
  },
  "locks of other names are other locks": async (trial) => {
    await trial.locks("1", "a");
    await trial.locks("2", "b");
  },
  "of many who ask at the same time one is granted the lock": async (trial) => {
    const owners = Array.from({ length: 20 }, (_, index) => `owner ${index}`);
    const ends = await Promise.all(owners.map((owner) => trial.acquire("1", owner)));
    assert.equal(ends.filter(({ isHeld }) => isHeld).length, 1);
  },
  "who asks again for what he holds is given the same token, and a lease that begins anew": async (trial) => {
    const token = await trial.locks("1", "a", { leaseMs: SHORT_MS });
    assert.equal(await trial.locks("1", "a"), token);
    await trial.passes(SHORT_MS + 50);
    await trial.isRefused("1", "b");
  },
  "a lock is free when its lease has ended, and its holder has no say any longer": async (trial) => {
    await trial.locks("1", "a", { leaseMs: SHORT_MS });
    await trial.passes(SHORT_MS);
    assert.equal(await trial.prolong("1", "a"), false);
    assert.equal(await trial.release("1", "a"), false);
    await trial.locks("1", "b");
    assert.equal(await trial.prolong("1", "a"), false);
    assert.equal(await trial.release("1", "a"), false);
    await trial.isRefused("1", "a");
  },
  "a lease that is prolonged begins anew": async (trial) => {
    await trial.locks("1", "a", { leaseMs: SHORT_MS });
    assert.equal(await trial.prolong("1", "a"), true);
    await trial.passes(SHORT_MS + 50);
    await trial.isRefused("1", "b");
    assert.equal(await trial.prolong("1", "a", SHORT_MS), true);
    await trial.passes(SHORT_MS);
    await trial.locks("1", "b");
  },
  "nobody prolongs or releases what another holds, or nobody does": async (trial) => {
    for (const name of ["held", "free"]) {
      if (name === "held") await trial.locks(name, "a");
      assert.equal(await trial.prolong(name, "b"), false);
      assert.equal(await trial.release(name, "b"), false);
    }
    await trial.isRefused("held", "c");
    await trial.locks("free", "c");
  },
  "what is released is free at once, and is released once": async (trial) => {
    await trial.locks("1", "a");
    assert.equal(await trial.release("1", "a"), true);
    assert.equal(await trial.release("1", "a"), false);
    assert.equal(await trial.prolong("1", "a"), false);
    await trial.locks("1", "b");
    await trial.isRefused("1", "a");
  },
  "a lease may last less than a millisecond, and a day": async (trial) => {
    await trial.locks("short", "a", { leaseMs: 0.25 });
    await trial.passes(2);
    await trial.locks("short", "b");
    await trial.locks("long", "a", { leaseMs: 24 * 60 * 60 * 1_000 });
    assert.ok((await trial.isRefused("long", "b")) > 23 * 60 * 60 * 1_000);
  },
  "an owner may be called anything": async (trial) => {
    for (const owner of ["0", "a b", " ", "1 2 0 a", "%d+", "ü€😀", "\r\n", "0".repeat(200)]) {
      await trial.locks("1", owner);
      assert.equal(await trial.release("1", `${owner} `), false);
      assert.equal(await trial.prolong("1", owner), true);
      assert.equal(await trial.release("1", owner), true);
    }
  },
};

/** What the tokens are. */
export const tokenCases: Proofs<LockTrial> = {
  "each holder has a higher token than the one before": async (trial) => {
    const tokens: number[] = [];
    for (const owner of ["a", "b", "c"]) {
      tokens.push(await trial.locks("1", owner));
      await trial.release("1", owner);
    }
    tokens.push(await trial.locks("1", "d", { leaseMs: SHORT_MS }));
    await trial.passes(SHORT_MS);
    tokens.push(await trial.locks("1", "e"));
    assert.deepEqual(
      tokens,
      [...new Set(tokens)].sort((one, other) => one - other),
    );
  },
  "a token is higher than the caller asks for": async (trial) => {
    const above = (await trial.locks("1", "a")) + 1_000_000_000_000;
    await trial.release("1", "a");
    const token = await trial.locks("1", "b", { above });
    assert.ok(token > above, `${token} is above ${above}`);
    await trial.release("1", "b");
    // Also for those who have never heard of it.
    assert.ok((await trial.locks("1", "c")) > token);
  },
  "a token is higher than those from before the lock was lost": async (trial) => {
    const token = await trial.locks("1", "a");
    await trial.remove("1");
    await trial.passes(1);
    assert.ok((await trial.locks("1", "b")) > token);
  },
};

/** What is told to those who wait. */
export const wakingCases: Proofs<LockTrial> = {
  "a release that somebody waits for is announced, and found done by who hears of it": async (trial) => {
    if (trial.tier.bus === undefined) return;
    const found: Promise<unknown>[] = [];
    const other = await trial.another();
    const ear = await trial.listen(trial.tier, () => {
      found.push(trial.acquire("1", "b"));
    });
    await trial.listen(other);
    await trial.locks("1", "a");
    await trial.isRefused("1", "b");
    assert.equal(await trial.prolong("1", "a"), true);
    assert.equal(await trial.release("1", "a", "free"), true);
    await ear.hears("message free");
    const [end] = (await Promise.all(found)) as readonly { readonly isHeld: boolean }[];
    assert.equal(end?.isHeld, true);
  },
  "a release that nobody waits for is not announced, and neither is one that is none": async (trial) => {
    if (trial.tier.bus === undefined) return;
    const ear = await trial.listen();
    await trial.locks("1", "a");
    assert.equal(await trial.release("1", "b", "refused"), false);
    assert.equal(await trial.release("1", "a", "unheard"), true);
    await trial.locks("2", "a");
    await trial.isRefused("2", "b");
    assert.equal(await trial.release("2", "b", "refused"), false);
    await ear.catchesUp();
    assert.deepEqual(ear.messages, []);
  },
};
