import { afterEach, describe, expect, test, vi } from "vitest";
import type { Entry } from "../contracts/entry.ts";
import { isFresh, judge, localCopy, newEntry, newer, remainingMs } from "./freshness.ts";
import { defaultRules, type EntryRules } from "./rules.ts";

const now = 1_000;

function entryOf(rules: Partial<EntryRules>, ...[value, loadMs]: [value?: unknown, loadMs?: number]): Entry<unknown> {
  const entry = newEntry(value, { now, loadMs: loadMs ?? 0 }, { ...defaultRules, ttlMs: 100, ...rules });
  if (entry === undefined) throw new Error("The value is not kept.");
  return entry;
}

/** The random number that entries are made with. */
function drawing(random: number): void {
  vi.spyOn(Math, "random").mockReturnValue(random);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("an entry", () => {
  test("is fresh up to the end of its time to live and not at it", () => {
    const entry = entryOf({});
    expect(isFresh(entry, 1_099.999)).toBe(true);
    expect(isFresh(entry, 1_100)).toBe(false);
  });

  test("with an infinite time to live stays fresh", () => {
    const entry = entryOf({ ttlMs: Number.POSITIVE_INFINITY, staleIfErrorMs: 5 });
    expect(isFresh(entry, Number.MAX_VALUE)).toBe(true);
    expect(remainingMs(entry, 1e300)).toBe(Number.POSITIVE_INFINITY);
  });

  test("is kept for as long as a stale answer may come from it", () => {
    expect(entryOf({ staleWhileRevalidateMs: 30, staleIfErrorMs: 20 })).toMatchObject({ expiresAt: 1_130 });
    expect(entryOf({ staleWhileRevalidateMs: 20, staleIfErrorMs: 30 })).toMatchObject({ expiresAt: 1_130 });
    expect(remainingMs(entryOf({}), 1_030)).toBe(70);
  });

  test("keeps its instants in order, whatever the rules", () => {
    for (const refreshAhead of [undefined, 0.5, "probabilistic"] as const) {
      for (const random of [0, 0.5, 0.999_999_999]) {
        drawing(random);
        const { createdAt, refreshAt, freshUntil, expiresAt } = entryOf({ refreshAhead, ttlJitter: 0.9 }, "v", 10_000);
        expect(createdAt).toBeLessThanOrEqual(refreshAt);
        expect(refreshAt).toBeLessThanOrEqual(freshUntil);
        expect(freshUntil).toBeLessThanOrEqual(expiresAt);
      }
    }
  });
});

describe("a time to live", () => {
  test("may be decided by the value", () => {
    const ttlMs = (value: { rare: boolean }): number => (value.rare ? 500 : 50);
    expect(entryOf({ ttlMs }, { rare: true })).toMatchObject({ freshUntil: 1_500 });
    expect(entryOf({ ttlMs }, { rare: false })).toMatchObject({ freshUntil: 1_050 });
  });

  test.each([0, -1, Number.NaN, Number.NEGATIVE_INFINITY, "10" as unknown as number, undefined as unknown as number])(
    "decided to be %s keeps nothing",
    (decided) => {
      expect(newEntry("v", { now, loadMs: 0 }, { ...defaultRules, ttlMs: () => decided })).toBeUndefined();
    },
  );

  test("that cannot be decided keeps nothing", () => {
    const ttlMs = (): number => {
      throw new Error("not to be known");
    };
    expect(newEntry("v", { now, loadMs: 0 }, { ...defaultRules, ttlMs })).toBeUndefined();
  });

  test("of its own is used for the answer that there is none, and only for that", () => {
    expect(entryOf({ negativeTtlMs: 7 }, undefined)).toMatchObject({ freshUntil: 1_007 });
    for (const value of [null, 0, "", false])
      expect(entryOf({ negativeTtlMs: 7 }, value)).toMatchObject({ freshUntil: 1_100 });
  });

  test("is shortened by jitter, never below its part and never prolonged", () => {
    drawing(0);
    expect(entryOf({ ttlJitter: 0.2 })).toMatchObject({ freshUntil: 1_100 });
    drawing(0.5);
    expect(entryOf({ ttlJitter: 0.2 })).toMatchObject({ freshUntil: 1_090 });
    drawing(0.999_999);
    expect(entryOf({ ttlJitter: 0.2 }).freshUntil).toBeCloseTo(1_080, 3);
  });
});

describe("the local copy of an entry", () => {
  test("is the entry itself where no limit shortens it", () => {
    const entry = entryOf({});
    expect(localCopy(entry, now, { ...defaultRules, localTtlMs: 100 })).toBe(entry);
  });

  test("is fresh no longer than the limit, counted from when it was copied", () => {
    const rules = { ...defaultRules, localTtlMs: 10, staleIfErrorMs: 20 };
    const copy = localCopy(entryOf({ staleIfErrorMs: 20 }), 1_050, rules);
    expect(copy).toMatchObject({ createdAt: 1_000, refreshAt: 1_060, freshUntil: 1_060, expiresAt: 1_080 });
  });
});

describe("refresh ahead", () => {
  test("by a part of the time to live falls due at that part", () => {
    expect(entryOf({ refreshAhead: 0.75 })).toMatchObject({ refreshAt: 1_075, freshUntil: 1_100 });
  });

  test("by chance falls due the earlier the longer the load took, as XFetch has it", () => {
    // With U = 1/e the formula's logarithm is -1: one load time before the end.
    drawing(1 - 1 / Math.E);
    expect(entryOf({ refreshAhead: "probabilistic" }, "v", 10).refreshAt).toBeCloseTo(1_090, 6);
    expect(entryOf({ refreshAhead: "probabilistic" }, "v", 30).refreshAt).toBeCloseTo(1_070, 6);
    expect(entryOf({ refreshAhead: "probabilistic" }, "v", 900)).toMatchObject({ refreshAt: 1_000 });
  });

  test("by chance leaves a share of exp(-t / load time) of entries due at t before their end", () => {
    const due = Array.from({ length: 20_000 }, () => entryOf({ refreshAhead: "probabilistic" }, "v", 10)).filter(
      ({ refreshAt }) => refreshAt <= 1_080,
    ).length;
    // 20 ms before the end: exp(-2), 13.5 %; the bounds are 8 standard deviations away.
    expect(due / 20_000).toBeGreaterThan(0.115);
    expect(due / 20_000).toBeLessThan(0.155);
  });
});

describe("the verdict on an entry", () => {
  const rules = { ...defaultRules, ttlMs: 100, staleWhileRevalidateMs: 20, staleIfErrorMs: 50, refreshAhead: 0.5 };
  const at = (instant: number, retryLoadAt = 0): string => judge({ ...entryOf(rules), retryLoadAt }, instant, rules);

  test("changes with its age", () => {
    expect([1_000, 1_049, 1_050, 1_099].map((instant) => at(instant))).toEqual([
      "fresh",
      "fresh",
      "fresh-due",
      "fresh-due",
    ]);
    expect([1_100, 1_119, 1_120, 1_149].map((instant) => at(instant))).toEqual([
      "stale-due",
      "stale-due",
      "unusable",
      "unusable",
    ]);
  });

  test("asks for no load while one has failed a short while ago", () => {
    expect([1_060, 1_110, 1_140].map((instant) => at(instant, 2_000))).toEqual(["fresh", "stale-held", "stale-held"]);
    expect(at(1_150, 2_000)).toBe("unusable");
    expect(at(1_110, 1_110)).toBe("stale-due");
  });
});

test("of two entries the one made later is the newer, wherever it stands", () => {
  const old = entryOf({});
  const young = { ...entryOf({}), createdAt: 1_001 };
  expect(newer(old, young)).toBe(young);
  expect(newer(young, old)).toBe(young);
  expect(newer(undefined, old)).toBe(old);
  expect(newer(old, undefined)).toBe(old);
});
