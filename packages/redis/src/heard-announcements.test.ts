import { type ManualClock, manualClock } from "@tiercache/testing";
import { beforeEach, expect, test } from "vitest";
import { HeardAnnouncements, LATE_AFTER_MS } from "./heard-announcements.ts";

const by = "sender";
let clock: ManualClock;
let heard: HeardAnnouncements;
let all: string[];

beforeEach(() => {
  clock = manualClock();
  all = [];
  heard = new HeardAnnouncements({ clock, deliver: (text) => all.push(text), gap: () => all.push("gap") });
});

/** Lets time pass in steps that a check can keep up with. */
async function passes(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 25) {
    clock.advance(25);
    await new Promise(setImmediate);
  }
}

function whole(number: number): void {
  heard.hear({ kind: "whole", by, number, text: `text ${number}` });
}

function told(...ranges: (readonly [number, number])[]): void {
  heard.hear({ kind: "told", by, ranges });
}

test("what is heard is handed on at once, and nothing is missed of what is told of it", async () => {
  for (const number of [1, 2, 3]) whole(number);
  told([1, 3]);
  await passes(2_000);
  expect(all).toEqual(["text 1", "text 2", "text 3"]);
  expect(clock.pending).toBe(0);
});

test("what is told to have been announced and is not heard in time is a gap, once", async () => {
  whole(1);
  told([1, 2]);
  await passes(LATE_AFTER_MS - 50);
  expect(all).toEqual(["text 1"]);
  await passes(LATE_AFTER_MS);
  expect(all).toEqual(["text 1", "gap"]);
  told([1, 2]);
  await passes(2_000);
  expect(all).toEqual(["text 1", "gap"]);
});

test("what comes behind the word of it, but in time, is no gap", async () => {
  told([1, 1]);
  await passes(LATE_AFTER_MS / 2);
  whole(1);
  await passes(2_000);
  expect(all).toEqual(["text 1"]);
});

test("a number that is passed over and never told is no gap", async () => {
  whole(1);
  whole(3);
  told([1, 1], [3, 3]);
  await passes(2_000);
  expect(all).toEqual(["text 1", "text 3"]);
});

test("the last of all that were announced is missed too, and so is one of a sender that nothing was heard of", async () => {
  told([500, 500]);
  await passes(500);
  expect(all).toEqual(["gap"]);
});

test("what is missing of many senders is one gap", async () => {
  for (const each of ["a", "b", "c"]) heard.hear({ kind: "told", by: each, ranges: [[1, 2]] });
  await passes(2_000);
  expect(all).toEqual(["gap"]);
});

test("what is done in steps is handed on with the last of them, in whichever order they are heard", async () => {
  heard.hear({ kind: "step", by, number: 1, step: 2 });
  heard.hear({ kind: "first", by, number: 1, steps: 3, text: "text" });
  expect(all).toEqual([]);
  heard.hear({ kind: "step", by, number: 1, step: 1 });
  expect(all).toEqual(["text"]);
  told([1, 1]);
  await passes(2_000);
  expect(all).toEqual(["text"]);
});

test("a step that is repeated has what was announced handed on again", () => {
  heard.hear({ kind: "first", by, number: 1, steps: 2, text: "text" });
  for (let time = 0; time < 2; time++) heard.hear({ kind: "step", by, number: 1, step: 1 });
  expect(all).toEqual(["text", "text"]);
});

test("what its sender has died over is handed on all the same", async () => {
  heard.hear({ kind: "first", by, number: 1, steps: 2, text: "text" });
  await passes(2_000);
  expect(all).toEqual(["text"]);
});

test("a step that is lost is a gap, though what was announced has been handed on before", async () => {
  heard.hear({ kind: "first", by, number: 1, steps: 2, text: "text" });
  await passes(500);
  told([1, 1]);
  await passes(500);
  expect(all).toEqual(["text", "gap"]);
});

test("a step whose beginning is lost is a gap", async () => {
  heard.hear({ kind: "step", by, number: 1, step: 1 });
  await passes(500);
  expect(all).toEqual([]);
  told([1, 1]);
  await passes(500);
  expect(all).toEqual(["gap"]);
});

test("what wakes is handed on, and has no number", () => {
  heard.hear({ kind: "wake", text: "text" });
  expect(all).toEqual(["text"]);
});

test("a range that no process can have announced costs nothing", async () => {
  told([1, Number.MAX_SAFE_INTEGER]);
  await passes(500);
  expect(all).toEqual([]);
});
