import type { Ms } from "../contracts/clock.ts";
import type { Footing } from "../tags/footing.ts";
import type { Find } from "./answer.ts";
import type { TierSkips } from "./sightings.ts";

/** When a flight begins. */
export interface Beginning {
  readonly epoch: number;
  readonly startedAt: Ms;
}

/** How a flight begins. */
export interface Departure<V> {
  /** When, where many begin at once. @defaultValue now */
  readonly beginning?: Beginning | undefined;
  /** What it stands on. */
  readonly footing: Footing;
  /** What is at hand of the key, but does not answer by itself. */
  readonly held?: Find<V> | undefined;
  /** What is fresh of the key, but may have been invalidated without a word of it having been heard. */
  readonly uncertified?: Find<V> | undefined;
  /** Whether it is begun to replace a value that is still good enough to answer. */
  readonly refreshes?: boolean;
  /** Whether it goes to the loader without a look at the tiers. */
  readonly skipsTiers?: boolean;
  /** For one reader alone: nobody joins it. */
  readonly skips?: TierSkips | undefined;
}
