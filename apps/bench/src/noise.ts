import { createHash } from "node:crypto";
import { median, quantile } from "./median.ts";

/** How steady a machine is: what the same work takes at different times. */
export interface Noise {
  /** The slowest tenth of its turns, as a multiple of their median. */
  readonly slowTenth: number;
  /** The fastest tenth, likewise. */
  readonly fastTenth: number;
  /** How many processes wanted to run on average in the last minute. */
  readonly load: number;
}

const TURNS = 100;
const HASHES_A_TURN = 400;

/** Does the same work again and again, which takes half a second in all, and says how much its turns differ. */
export function noiseOf(load: number): Noise {
  const bytes = Buffer.alloc(4_096, 7);
  const tookMs: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const startedAt = performance.now();
    for (let hash = 0; hash < HASHES_A_TURN; hash++) createHash("sha256").update(bytes).digest();
    tookMs.push(performance.now() - startedAt);
  }
  const usual = median(tookMs);
  return { slowTenth: quantile(tookMs, 0.9) / usual, fastTenth: quantile(tookMs, 0.1) / usual, load };
}
