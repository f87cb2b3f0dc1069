import assert from "node:assert/strict";
import type { Proofs } from "../contract-case.ts";
import type { ScanTrial } from "./scan-trial.ts";

/** Enough for several steps of any tier. */
const MANY = 1_500;

/** What a look through the keys of a tier finds, and what it does not. */
export const scanCases: Proofs<ScanTrial> = {
  "every key that begins as was asked is found, and no other": async (trial) => {
    await trial.put(["user:1", "user:12", "user:2", "users:1", "use", "", "other:user:1"]);
    assert.deepEqual(await trial.found("user:"), ["user:1", "user:12", "user:2"]);
    assert.deepEqual(await trial.found("user:1"), ["user:1", "user:12"]);
    assert.deepEqual(await trial.found("absent"), []);
  },
  "a key that is the beginning itself is found": async (trial) => {
    await trial.put(["user", "user:1"]);
    assert.deepEqual(await trial.found("user"), ["user", "user:1"]);
  },
  "nothing in a beginning has a meaning of its own": async (trial) => {
    const names = ["a*b", "a?b", "a[b]", "a[^b]", "a\\b", "a^b", "a-b", "ab", "axb", "a\\*b"];
    await trial.put(names);
    for (const name of names) assert.deepEqual(await trial.found(name), [name]);
  },
  "beginnings are compared sign by sign, in any writing": async (trial) => {
    await trial.put(["größe:1", "gro\u{308}ße:1", "日本:1", "😀:1", "GRÖSSE:1"]);
    assert.deepEqual(await trial.found("grö"), ["größe:1"]);
    assert.deepEqual(await trial.found("日"), ["日本:1"]);
    assert.deepEqual(await trial.found("😀"), ["😀:1"]);
  },
  "many keys are found in several steps, none of them missing": async (trial) => {
    const names = Array.from({ length: MANY }, (_, index) => `many:${index}`);
    await trial.put(names);
    assert.deepEqual(await trial.found("many:"), names.toSorted());
  },
  "what is there all the time is found, whatever else comes and goes meanwhile": async (trial) => {
    const stays = Array.from({ length: MANY / 2 }, (_, index) => `stays:${index}`);
    const goes = Array.from({ length: MANY / 2 }, (_, index) => `stays:!goes:${index}`);
    await trial.put([...stays, ...goes]);
    let step = 0;
    const found = await trial.found("stays:", async () => {
      const at = step++;
      const some = goes.slice(at * 20, at * 20 + 20);
      if (some.length > 0) await trial.remove(...some);
      if (at < MANY / 20) await trial.put([`stays:!comes:${at}`]);
    });
    assert.deepEqual(
      found.filter((name) => /^stays:\d/.test(name)),
      stays.toSorted(),
    );
  },
  "what is found can be removed between the steps, and nothing is left": async (trial) => {
    await trial.put(Array.from({ length: MANY / 3 }, (_, index) => `gone:${index}`));
    const names = await trial.found("gone:");
    await trial.remove(...names);
    assert.deepEqual(await trial.found("gone:"), []);
  },
  "a key that has expired is not found": async (trial) => {
    await trial.write("life:1", Uint8Array.from({ length: 64 }), 50);
    await trial.write("life:2", Uint8Array.from({ length: 64 }));
    await trial.isGoneAfter(50, "life:1");
    assert.deepEqual(await trial.found("life:"), ["life:2"]);
  },
};
