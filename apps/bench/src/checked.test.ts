import { expect, test } from "vitest";
import { Bench } from "./bench.ts";
import { batches } from "./cases/batches.ts";
import { invalidations } from "./cases/invalidations.ts";
import { remoteHits } from "./cases/remote-hits.ts";
import { filledCaches } from "./checked.ts";
import type { Contender } from "./comparison.ts";
import { efforts } from "./effort.ts";
import type { Peer, PeerCache, PeerOptions } from "./peers/peer.ts";

/** A peer that keeps its values in a Map, and a defect that it has. */
function peerWith(defect: (cache: PeerCache, options: PeerOptions) => Partial<PeerCache> = () => ({})): Peer {
  const open = async (options: PeerOptions): Promise<PeerCache> => {
    const kept = new Map<string, unknown>();
    const get = async (key: string): Promise<unknown> => {
      if (!kept.has(key)) kept.set(key, await options.load(key));
      return kept.get(key);
    };
    const sound: PeerCache = {
      get,
      getMany: (keys) => Promise.all(keys.map(get)),
      invalidate: async (key) => kept.delete(key),
      close: async () => kept.clear(),
    };
    return { ...sound, ...defect(sound, options) };
  };
  return { name: "peer", setUp: "", packages: [], modules: [], tiers: ["local", "remote", "both"], open };
}

async function contenderOf(cases: typeof batches, name: string, peer: Peer): Promise<Contender> {
  await using bench = new Bench("redis://127.0.0.1", efforts.smoke, [peer]);
  const one = cases.find((each) => each.name === name);
  const comparison = await one?.prepare(bench);
  const contender = comparison?.contenders[0];
  if (contender === undefined) throw new Error(name);
  return contender;
}

test("a sound peer is not complained of", async () => {
  expect((await contenderOf(remoteHits, "l2-get-768-floats", peerWith())).wrong).toBeUndefined();
  expect((await contenderOf(batches, "batch-get", peerWith())).wrong).toBeUndefined();
  expect((await contenderOf(invalidations, "invalidate-key", peerWith())).wrong).toBeUndefined();
});

test("a vector that comes back as something else is noticed", async () => {
  const jsonLike = peerWith(({ get }) => ({ get: async (key) => JSON.parse(JSON.stringify(await get(key))) }));
  const { wrong } = await contenderOf(remoteHits, "l2-get-768-floats", jsonLike);
  expect(wrong).toBe("gives back a plain object for a Float32Array");
});

test("a value that is loaded each time is noticed", async () => {
  const forgetful = peerWith((_, { load }) => ({ get: load }));
  await using bench = new Bench("redis://127.0.0.1", efforts.smoke, [forgetful]);
  const filling = { tiers: "local", keys: ["key"], valueOf: () => 1, patienceMs: 50 } as const;
  expect(await filledCaches(bench, filling)).toMatchObject([{ wrong: "does not keep it" }]);
});

test("values in another order than their keys, and values that are missing, are noticed", async () => {
  const unordered = peerWith(({ get }) => ({ getMany: async (keys) => Promise.all(keys.toSorted().map(get)) }));
  expect((await contenderOf(batches, "batch-get", unordered)).wrong).toContain("not in the order of the keys");
  const lossy = peerWith(({ get }) => ({ getMany: async (keys) => Promise.all(keys.slice(1).map(get)) }));
  expect((await contenderOf(batches, "batch-get", lossy)).wrong).toBe("gives back 149 values for 150 keys");
});

test("a key that is still there after it was invalidated is noticed", async () => {
  const stubborn = peerWith(() => ({ invalidate: async () => {} }));
  expect((await contenderOf(invalidations, "invalidate-key", stubborn)).wrong).toBe("still has it afterwards");
});
