import { expect, test } from "vitest";
import { LATENCY_BINS, latencyBin, latencySummary } from "./latency-histogram.ts";

function summaryOf(durations: readonly number[]) {
  const counts = new Float64Array(LATENCY_BINS + 3);
  for (const ms of durations) {
    const place = 3 + latencyBin(ms);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return latencySummary(counts, 3);
}

test("of nothing every percentile is 0", () => {
  expect(summaryOf([])).toEqual({ count: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 });
});

test("a percentile is never below the true one, and at most a fifth above it", () => {
  const durations = Array.from({ length: 10_000 }, (_, index) => 0.07 * 1.0013 ** index);
  const { count, ...percentiles } = summaryOf(durations);
  expect(count).toBe(10_000);
  const exact = { p50Ms: 0.5, p90Ms: 0.9, p99Ms: 0.99, maxMs: 1 };
  for (const [name, part] of Object.entries(exact)) {
    const ratio = percentiles[name as keyof typeof exact] / (durations[10_000 * part - 1] ?? 0);
    expect(ratio).toBeGreaterThanOrEqual(1);
    expect(ratio).toBeLessThan(1.2);
  }
});

test("what is shorter than the first bin or longer than the last is counted in these", () => {
  expect(summaryOf([0, -1, Number.NaN])).toMatchObject({ count: 3, maxMs: 2 ** -4 });
  expect(summaryOf([1e12, Number.POSITIVE_INFINITY])).toMatchObject({ count: 2, p50Ms: 2 ** 20 });
});
