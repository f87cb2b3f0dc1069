import { expect, test } from "vitest";
import { type Found, ReadFold } from "./read-fold.ts";

function recordingFold(maxKeys = 100): { readonly fold: ReadFold; readonly calls: (readonly string[])[] } {
  const calls: (readonly string[])[] = [];
  const fold = new ReadFold(async (keys) => {
    calls.push(keys);
    return keys.map((key) => (key === "gap" ? undefined : Buffer.from(key)));
  }, maxKeys);
  return { fold, calls };
}

function texts(frames: Found): (string | undefined)[] {
  if (frames === "unreachable") throw new Error("unreachable");
  return frames.map((frame) => (frame === undefined ? undefined : Buffer.from(frame).toString()));
}

test("all reads of a tick are one call, and each gets its own frames in its own order", async () => {
  const { fold, calls } = recordingFold();
  const answers = await Promise.all([fold.read(["a"]), fold.read(["b", "gap", "c"]), fold.read(["a"])]);
  expect(calls).toEqual([["a", "b", "gap", "c", "a"]]);
  expect(answers.map(texts)).toEqual([["a"], ["b", undefined, "c"], ["a"]]);
});

test("reads that follow from settled promises of the same tick are in the same call", async () => {
  const { fold, calls } = recordingFold();
  const later = Promise.resolve()
    .then(() => {})
    .then(() => fold.read(["b"]));
  await Promise.all([fold.read(["a"]), later]);
  expect(calls).toEqual([["a", "b"]]);
});

test("reads of different ticks are different calls", async () => {
  const { fold, calls } = recordingFold();
  await fold.read(["a"]);
  await fold.read(["b"]);
  expect(calls).toEqual([["a"], ["b"]]);
});

test("no call has more keys than the bound: a burst is split between its reads, a larger read within itself", async () => {
  const { fold, calls } = recordingFold(3);
  const reads = [["a", "b"], ["c", "d"], ["e"], ["f", "g", "h", "i"], ["j"]];
  const answers = await Promise.all(reads.map((keys) => fold.read(keys)));
  expect(calls.every((keys) => keys.length <= 3)).toBe(true);
  expect(calls.flat()).toEqual(reads.flat());
  expect(answers.map(texts)).toEqual(reads);
});
