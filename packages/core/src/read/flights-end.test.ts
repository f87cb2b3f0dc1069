import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Entry } from "../contracts/entry.ts";
import type { LocalTier, RemoteTier } from "../contracts/tier.ts";
import { familyOf } from "../declaration.ts";
import { minutes } from "../durations.ts";
import { type Stack, stackOf } from "../stack.ts";
import type { Family } from "../write/family.ts";
import type { TierSkips } from "../write/sightings.ts";
import { WritePath } from "../write/write-path.ts";
import { BatchRead } from "./batch-read.ts";
import { LookupPath } from "./lookup-path.ts";
import { ReadPath } from "./read-path.ts";
import { SlidingHits } from "./sliding-hits.ts";

/* Whatever becomes of a read, nothing of its flight is left when it has ended: what stays would stay for good. */

const local: LocalTier = {
  name: "local",
  open: <V>() => {
    const entries = new Map<string, Entry<V>>();
    return {
      get size() {
        return entries.size;
      },
      get: (id: string) => entries.get(id),
      set: (id: string, entry: Entry<V>) => void entries.set(id, entry),
      delete: (id: string) => void entries.delete(id),
      clear: () => entries.clear(),
    };
  },
};

/** Holds frames for as long as a test runs. */
function remote(): RemoteTier {
  const frames = new Map<string, Uint8Array>();
  return {
    name: "remote",
    now: () => 1_000,
    readMany: async (keys) => keys.map((key) => frames.get(key)),
    write: async (key, frame) => void frames.set(key, frame),
    remove: async (keys) => keys.forEach((key) => frames.delete(key)),
    close: async () => {},
  };
}

let now: number;
let timers: (() => void)[];
let stack: Stack;
let family: Family<string>;
let writes: WritePath<string>;
let reads: ReadPath<[id: string], string>;
let lookups: LookupPath<[id: string], string>;
const away = new Error("origin is away");

beforeEach(() => {
  now = 5;
  timers = [];
  const clock = { now: () => now, after: (_ms: number, task: () => void) => (timers.push(task), () => {}) };
  stack = stackOf({ tiers: [local, remote()], clock });
  family = familyOf(stack, "text", {});
  writes = new WritePath(family);
  reads = new ReadPath(family, new SlidingHits(family));
  lookups = new LookupPath(family, new SlidingHits(family));
});

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

afterEach(async () => {
  await settled();
  const { loads, lookups: looked } = family;
  expect([loads.size, loads.lateSize, looked.size, looked.lateSize, stack.lifetime.background.length]).toEqual([
    0, 0, 0, 0, 0,
  ]);
});

const past: TierSkips = { reading: new Set(["local"]), writing: new Set() };
const kinds = [
  ["a read like others", undefined],
  ["a read that passes a tier by", past],
] as const;

describe.each(kinds)("of %s nothing is left", (_kind, skips) => {
  const question = (signal?: AbortSignal) => ({ id: "a", args: ["a"] as [id: string], signal, skips });

  test("that a tier answers", async () => {
    await writes.set([{ id: "a", args: ["a"], value: "v" }]);
    family.local.delete("a");
    expect(await reads.answer(question(), undefined, () => "loaded")).toMatchObject({ value: "v" });
    family.local.delete("a");
    expect(await lookups.find(question(), undefined)).toMatchObject({ value: "v" });
  });

  test("that the loader answers, or nobody", async () => {
    expect(await lookups.find(question(), undefined)).toMatchObject({ value: undefined });
    expect(await reads.answer(question(), undefined, () => "loaded")).toMatchObject({ value: "loaded" });
    expect(await reads.reload(question(), () => "again")).toMatchObject({ value: "again" });
  });

  test("whose loader fails", async () => {
    const failing = (): Promise<string> => Promise.reject(away);
    await expect(reads.answer(question(), undefined, failing)).rejects.toBe(away);
    await expect(reads.reload(question(), failing)).rejects.toBe(away);
  });

  test("whose loader is too late", async () => {
    const answer = Promise.withResolvers<string>();
    const read = reads.answer(question(), undefined, () => answer.promise);
    await settled();
    now += minutes(1);
    for (const timer of timers.splice(0)) timer();
    await expect(read).rejects.toMatchObject({ code: "LOAD_TIMEOUT" });
    expect(family.loads.lateSize).toBe(1);
    answer.resolve("late");
  });

  test("whose reader leaves, before or after the load has begun", async () => {
    for (const wait of [false, true]) {
      const leaving = new AbortController();
      const answer = Promise.withResolvers<string>();
      const read = reads.answer(question(leaving.signal), undefined, () => answer.promise);
      if (wait) await settled();
      leaving.abort(away);
      await expect(read).rejects.toBe(away);
      answer.resolve("late");
      await settled();
    }
    const leaving = new AbortController();
    const looking = lookups.find(question(leaving.signal), undefined);
    leaving.abort(away);
    await expect(looking).rejects.toBe(away);
  });

  test("whose reader leaves at the very moment of the answer", async () => {
    const leaving = new AbortController();
    const answer = Promise.withResolvers<string>();
    const read = reads.answer(question(leaving.signal), undefined, () => answer.promise);
    await settled();
    family.loads.underWay("a")[0]?.promise.then(
      () => leaving.abort(away),
      () => {},
    );
    answer.resolve("v");
    await read.catch(() => {});
  });

  test("whose key is written meanwhile", async () => {
    const answer = Promise.withResolvers<string>();
    const read = reads.answer(question(), undefined, () => answer.promise);
    await settled();
    await writes.remove(["a"]);
    answer.resolve("older");
    await read;
    expect(family.local.get("a")).toBeUndefined();
  });

  test("that the end of the cache comes before", async () => {
    const read = reads.answer(question(), undefined, () => "loaded");
    stack.lifetime.end();
    await expect(read).rejects.toMatchObject({ code: "CLOSED" });
    await expect(reads.answer(question(), undefined, () => "loaded")).rejects.toMatchObject({ code: "CLOSED" });
    await expect(lookups.find(question(), undefined)).rejects.toMatchObject({ code: "CLOSED" });
  });
});

test("of a batch nothing is left, whether a tier answers, the loader does or fails, and whoever joined it and left", async () => {
  await writes.set([{ id: "held", args: ["held"], value: "v" }]);
  family.local.delete("held");
  const answer = Promise.withResolvers<string[]>();
  const batch = new BatchRead<[id: string], string>(family, new SlidingHits(family), {
    load: undefined,
    loadMany: () => answer.promise,
  });
  const leaving = new AbortController();
  const answers = batch.answers(["held", "a", "b"].map((id) => ({ id, args: [id] })));
  const joined = reads.answer({ id: "a", args: ["a"], signal: leaving.signal }, undefined, () => "own");
  leaving.abort(away);
  await expect(joined).rejects.toBe(away);
  answer.reject(away);
  expect(await answers.settled()).toMatchObject([
    { status: "fulfilled", value: "v" },
    { status: "rejected", reason: away },
    { status: "rejected", reason: away },
  ]);
});
