import { Random } from "./random.ts";

/** What one process does at one time. */
export interface Deed {
  readonly atMs: number;
  readonly process: number;
  readonly kind: "read" | "invalidate";
  readonly key: number;
}

/** What a fleet of processes is asked for. */
export interface Workload {
  readonly seed: number;
  readonly processes: number;
  readonly keys: number;
  /** How unequal keys are: 0 for all alike, 1 for the usual few that everybody wants (Zipf's exponent). */
  readonly skew: number;
  /** Of the whole fleet. */
  readonly readsPerSecond: number;
  readonly invalidationsPerSecond: number;
  /** @defaultValue 0 */
  readonly fromMs?: number;
  readonly untilMs: number;
}

/** All that is done, in its order; the same for the same workload. */
export function* deedsOf(workload: Workload): Generator<Deed> {
  const { seed, processes, readsPerSecond, invalidationsPerSecond, fromMs = 0, untilMs } = workload;
  const random = new Random(seed);
  const popularity = popularityOf(workload);
  const perSecond = readsPerSecond + invalidationsPerSecond;
  for (let atMs = fromMs + random.gapMs(perSecond); atMs < untilMs; atMs += random.gapMs(perSecond)) {
    const process = random.below(processes);
    // What is read most does not change most.
    if (random.next() * perSecond >= readsPerSecond)
      yield { atMs, process, kind: "invalidate", key: random.below(workload.keys) };
    else yield { atMs, process, kind: "read", key: keyAt(popularity, random.next()) };
  }
}

/** For each key, which part of all reads goes to it or to one before it. */
function popularityOf({ keys, skew }: Workload): Float64Array {
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let key = 0; key < keys; key++) sums[key] = sum += (key + 1) ** -skew;
  return sums.map((each) => each / sum);
}

function keyAt(popularity: Float64Array, part: number): number {
  let [low, high] = [0, popularity.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((popularity[middle] ?? 1) < part) low = middle + 1;
    else high = middle;
  }
  return low;
}
