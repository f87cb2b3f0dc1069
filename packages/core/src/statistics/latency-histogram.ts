import type { Ms } from "../contracts/clock.ts";
import type { LatencySummary } from "../contracts/stats.ts";

/** Each bin ends 2^(1/4) times as far as the one before it: a fifth further. */
const BINS_A_DOUBLING = 4;

/** The first bin ends at 2^-4 ms, the last one at 2^20 ms. */
const FIRST_EXPONENT = -4;
const LAST_EXPONENT = 20;

/** How many numbers a histogram takes, however much it measures. */
export const LATENCY_BINS: number = (LAST_EXPONENT - FIRST_EXPONENT) * BINS_A_DOUBLING + 1;

/** The bin of a duration; what is longer than the last one is in the last one. */
export function latencyBin(ms: Ms): number {
  if (!(ms > 2 ** FIRST_EXPONENT)) return 0;
  const bin = Math.ceil((Math.log2(ms) - FIRST_EXPONENT) * BINS_A_DOUBLING);
  return Math.min(bin, LATENCY_BINS - 1);
}

/** Sums up the bins that begin at a place of a list of counts. */
export function latencySummary(counts: ArrayLike<number>, from: number): LatencySummary {
  let count = 0;
  for (let bin = 0; bin < LATENCY_BINS; bin++) count += counts[from + bin] ?? 0;
  const within = (part: number): Ms => (count === 0 ? 0 : edgeAt(counts, from, Math.ceil(count * part)));
  return { count, p50Ms: within(0.5), p90Ms: within(0.9), p99Ms: within(0.99), maxMs: within(1) };
}

/** The upper edge of the bin in which so many have been seen. */
function edgeAt(counts: ArrayLike<number>, from: number, wanted: number): Ms {
  let seen = 0;
  let bin = 0;
  while (bin < LATENCY_BINS - 1) {
    seen += counts[from + bin] ?? 0;
    if (seen >= wanted) break;
    bin++;
  }
  return 2 ** (FIRST_EXPONENT + bin / BINS_A_DOUBLING);
}
