import type { CacheStats } from "@tiercache/core";

/** Who answered the reads of one moment, per second. */
export interface ReadSample {
  readonly local: number;
  readonly remote: number;
  readonly loaded: number;
}

const capacity = 90;

/** Who answered the reads of the last minutes, in steps of one look each, oldest first. */
export class ReadHistory {
  readonly #localTier: string;
  #samples: ReadSample[] = [];
  #before: ReadSample | undefined;
  #beforeMs = 0;

  constructor(localTier: string) {
    this.#localTier = localTier;
  }

  get samples(): readonly ReadSample[] {
    return this.#samples;
  }

  /** @param nowMs - On a clock that only goes forward. */
  take(stats: CacheStats, nowMs: number): void {
    const sums = this.#sumsOf(stats);
    const before = this.#before;
    const seconds = (nowMs - this.#beforeMs) / 1_000;
    this.#before = sums;
    this.#beforeMs = nowMs;
    if (before === undefined || seconds <= 0) return;
    const rate = (of: keyof ReadSample): number => Math.max(0, (sums[of] - before[of]) / seconds);
    this.#samples.push({ local: rate("local"), remote: rate("remote"), loaded: rate("loaded") });
    if (this.#samples.length > capacity) this.#samples.shift();
  }

  #sumsOf({ namespaces }: CacheStats): ReadSample {
    const sum = { local: 0, remote: 0, loaded: 0 };
    for (const { total } of Object.values(namespaces)) {
      // A stale answer is the local tier's: what the others have is confirmed first.
      sum.local += (total.hitsByTier[this.#localTier] ?? 0) + total.stale + total.joined;
      sum.remote += total.hits - (total.hitsByTier[this.#localTier] ?? 0);
      sum.loaded += total.misses + total.bypasses + total.errors;
    }
    return sum;
  }
}
