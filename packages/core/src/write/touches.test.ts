import { beforeEach, describe, expect, test } from "vitest";
import { Touches } from "./touches.ts";

describe("touched keys", () => {
  let now: number;
  let touches: Touches;

  beforeEach(() => {
    now = 10;
    touches = new Touches({ now: () => now, after: () => () => {} });
  });

  test("are known by when they were touched last, also at the very instant that is asked for", () => {
    touches.note("a");
    now = 20;
    touches.note("b");
    expect([touches.hasSince(10, "a"), touches.hasSince(11, "a")]).toEqual([true, false]);
    expect([touches.hasSince(11, "b"), touches.hasSince(21, "b")]).toEqual([true, false]);
    touches.note("a");
    expect(touches.hasSince(11, "a")).toBe(true);
    expect(touches.hasSince(0, "c")).toBe(false);
  });

  test("are all keys there are where nobody says which", () => {
    touches.noteAny();
    expect([touches.hasSince(10, "a"), touches.hasSince(11, "a")]).toEqual([true, false]);
  });

  test("may be any as far back as too many were touched since", () => {
    touches.note("first");
    now = 20;
    for (let key = 0; key < 999; key++) touches.note(`${key}`);
    expect(touches.hasSince(10, "other")).toBe(false);
    touches.note("one more");
    expect([touches.hasSince(10, "other"), touches.hasSince(11, "other")]).toEqual([true, false]);
    touches.note("and another");
    expect(touches.hasSince(20, "other")).toBe(true);
  });
});
