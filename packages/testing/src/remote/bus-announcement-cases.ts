import assert from "node:assert/strict";
import type { RemoteTier } from "@tiercache/core";
import type { Proofs } from "../contract-case.ts";
import type { Ear } from "./ear.ts";
import type { RemoteTrial } from "./remote-trial.ts";

const OLD = Uint8Array.of(1, 2, 3);
const NEW = Uint8Array.of(4, 5, 6);
const FOREVER = Number.POSITIVE_INFINITY;

/** What is announced with a change. */
export const announcedChangeCases: Proofs<RemoteTrial> = {
  "a write is announced, and found done by who hears of it": async (trial) => {
    const listening = await listeningElsewhere(trial);
    await trial.write("1", OLD);
    await trial.tier.write(trial.key("1"), NEW, { ...trial.call, ttlMs: FOREVER, announce: "written" });
    assert.deepEqual(await listening.found("written"), [NEW]);
  },
  "a removal is announced, and found done by who hears of it": async (trial) => {
    const listening = await listeningElsewhere(trial);
    await trial.write("1", OLD);
    await trial.tier.remove([trial.key("2"), trial.key("1")], { ...trial.call, announce: "removed" });
    assert.deepEqual(await listening.found("removed"), [undefined]);
  },
  "a removal is announced also where nothing was": async (trial) => {
    const listening = await listeningElsewhere(trial);
    await trial.tier.remove([trial.key("1")], { ...trial.call, announce: "removed" });
    assert.deepEqual(await listening.found("removed"), [undefined]);
  },
  "a frame that is prolonged is announced, and one that is not is not": async (trial) => {
    const renewal = { ...trial.call, expected: OLD.subarray(0, 2), header: NEW.subarray(0, 2), ttlMs: FOREVER };
    const listening = await listeningElsewhere(trial);
    if (trial.tier.renew === undefined) return;
    await trial.write("1", OLD);
    await trial.tier.renew(trial.key("1"), { ...renewal, announce: "prolonged" });
    await trial.tier.renew(trial.key("1"), { ...renewal, announce: "prolonged" });
    await trial.tier.renew(trial.key("absent"), { ...renewal, announce: "prolonged" });
    assert.deepEqual(await listening.found("prolonged"), [Uint8Array.of(4, 5, 3)]);
  },
  "a change that is not to be announced is not": async (trial) => {
    const listening = await listeningElsewhere(trial);
    await trial.write("1", OLD);
    await trial.remove("1");
    assert.deepEqual(await listening.found(""), []);
  },
  "what is announced before the tier listens is done, and goes nowhere": async (trial) => {
    const other = await trial.another();
    const ear = await trial.listen(other);
    trial.busOf();
    await trial.tier.write(trial.key("1"), NEW, { ...trial.call, ttlMs: FOREVER, announce: "too early" });
    await trial.holds(["1"], [NEW]);
    await trial.tier.remove([trial.key("1")], { ...trial.call, announce: "too early" });
    await trial.holds(["1"], [undefined]);
    await ear.catchesUp();
    assert.deepEqual(ear.messages, []);
  },
};

interface Listening {
  /** What was found under the key `1` with each message heard; each must be the given one. */
  found(text: string): Promise<readonly (Uint8Array | undefined)[]>;
}

/** Has the tier and another process listen, which looks at the key `1` with each message. */
async function listeningElsewhere(trial: RemoteTrial): Promise<Listening> {
  const other: RemoteTier = await trial.another();
  const reads: Promise<Uint8Array | undefined>[] = [];
  const ear: Ear = await trial.listen(other, () => reads.push(trial.readThrough(other, "1")));
  const own = await trial.listen();
  return {
    async found(text) {
      await own.catchesUp();
      await ear.catchesUp();
      const expected = reads.map(() => text);
      assert.deepEqual([own.messages, ear.messages], [expected, expected]);
      return Promise.all(reads);
    },
  };
}
