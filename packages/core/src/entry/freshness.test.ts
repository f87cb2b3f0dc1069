import { expect, test } from "vitest";
import { isFresh, newEntry, remainingMs } from "./freshness.ts";

test("an entry is fresh up to the end of its time to live and not at it", () => {
  const entry = newEntry("v", 100, { ttlMs: 50 });
  expect(isFresh(entry, 149.999)).toBe(true);
  expect(isFresh(entry, 150)).toBe(false);
});

test("an entry with an infinite time to live stays fresh", () => {
  const entry = newEntry("v", 100, { ttlMs: Number.POSITIVE_INFINITY });
  expect(isFresh(entry, Number.MAX_VALUE)).toBe(true);
  expect(remainingMs(entry, 1e300)).toBe(Number.POSITIVE_INFINITY);
});

test("an entry's remaining life shrinks as time goes on", () => {
  expect(remainingMs(newEntry("v", 100, { ttlMs: 50 }), 130)).toBe(20);
});
