import type { CancelTimer, Clock, Ms } from "../contracts/clock.ts";
import type { CacheEvent } from "../contracts/observer.ts";
import { minutes } from "../durations.ts";
import type { OptionRule } from "../option-rules.ts";
import { SLOT_MS, slotNumber } from "./counter-windows.ts";

/** What the hit rate of a namespace shall be. */
export interface TargetOptions {
  /** The part of the reads, above 0 and up to 1, that tiers shall answer, fresh or stale. */
  readonly hitRate: number;
  /**
   * How far below `hitRate` the rate of the last five minutes may fall before that is told, as a part of all reads; from 0
   * and below `hitRate`. It has recovered when it is `hitRate` again. @defaultValue 0.1, or half of
   * `hitRate` where that is less
   */
  readonly alertDrop?: number;
}

/** What a `target` accepts. */
export const targetRule: OptionRule = {
  allowed: "an object with hitRate, above 0 and up to 1, and alertDrop, from 0 and below hitRate",
  accepts: (value) => isTarget(value),
};

const DEFAULT_ALERT_DROP = 0.1;
const WINDOW_MS: Ms = minutes(5);

/** Fewer reads say nothing of a rate. */
const LEAST_READS = 100;

/** The reads of some while, and how many of them tiers answered. */
export interface ReadsInWindow {
  readonly answered: number;
  readonly reads: number;
}

/** What a target needs besides its options. */
export interface HitRateTargetParts {
  readonly namespace: string;
  readonly clock: Clock;
  tell(event: CacheEvent): void;
}

/**
 * Compares the hit rate of the last five minutes with what it shall be, at most once every 15 s, and tells when it falls
 * short and when it recovers. A window that is not whole, after a start or a reset, or of less than 100 reads is not judged.
 */
export class HitRateTarget {
  /** What it shall be, above 0 and up to 1. */
  readonly hitRate: number;
  readonly #parts: HitRateTargetParts;
  readonly #alertBelow: number;
  #beganAt: Ms;
  #judgedSlot = Number.NEGATIVE_INFINITY;
  #isMet = true;
  #cancel: CancelTimer | undefined;
  #open = true;

  constructor({ hitRate, alertDrop }: TargetOptions, parts: HitRateTargetParts) {
    this.#parts = parts;
    this.hitRate = hitRate;
    // Without the rounding error of a difference: 0.8 - 0.1 is a little more than 0.7.
    this.#alertBelow = Number((hitRate - (alertDrop ?? Math.min(DEFAULT_ALERT_DROP, hitRate / 2))).toFixed(12));
    this.#beganAt = parts.clock.now();
  }

  /** Whether the hit rate is as it shall be, or not known to be otherwise. */
  get isMet(): boolean {
    return this.#isMet;
  }

  /** Judges anew: what was counted before is gone. */
  begin(now: Ms): void {
    this.#beganAt = now;
  }

  /**
   * Looks at the hit rate, if it has not been looked at in this slot.
   *
   * @param readsIn - The reads of the last while, whenever it is asked.
   */
  judge(now: Ms, readsIn: (windowMs: Ms) => ReadsInWindow): void {
    const slot = slotNumber(now);
    if (slot === this.#judgedSlot || now - this.#beganAt < WINDOW_MS) return;
    this.#judgedSlot = slot;
    const { answered, reads } = readsIn(WINDOW_MS);
    if (reads >= LEAST_READS) this.#compare(answered / reads);
    // A namespace recovers by hits, which tell nobody. While nothing is read at all there is nothing to wait for.
    if (!this.#isMet && readsIn(2 * SLOT_MS).reads > 0) this.#judgeLater(readsIn);
  }

  /** Judges no more. */
  close(): void {
    this.#open = false;
    this.#cancel?.();
  }

  #compare(hitRate: number): void {
    const { namespace } = this.#parts;
    if (this.#isMet && hitRate < this.#alertBelow) {
      this.#isMet = false;
      this.#parts.tell({ type: "target-missed", namespace, hitRate });
    } else if (!this.#isMet && hitRate >= this.hitRate) {
      this.#isMet = true;
      this.#parts.tell({ type: "target-met", namespace, hitRate });
    }
  }

  #judgeLater(readsIn: (windowMs: Ms) => ReadsInWindow): void {
    if (this.#cancel !== undefined || !this.#open) return;
    this.#cancel = this.#parts.clock.after(SLOT_MS, () => {
      this.#cancel = undefined;
      this.judge(this.#parts.clock.now(), readsIn);
    });
  }
}

function isTarget(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { hitRate, alertDrop = 0 } = value as Partial<TargetOptions>;
  const unknown = Object.keys(value).some((name) => name !== "hitRate" && name !== "alertDrop");
  if (unknown || typeof hitRate !== "number" || typeof alertDrop !== "number") return false;
  return hitRate > 0 && hitRate <= 1 && alertDrop >= 0 && alertDrop < hitRate;
}
