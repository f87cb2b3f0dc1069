import type { Ms } from "./clock.ts";
import type { StaleReason } from "./observer.ts";

/** A value, where it came from and how old it is. */
export interface Reading<V> {
  /** `undefined` also where nobody had a value: then there is no `source`. */
  readonly value: V;
  /** The name of the tier that had the value, or `"loader"` where it was loaded; `undefined` where nobody had one. */
  readonly source: string | undefined;
  /** How long ago the value was loaded or set, in ms; `undefined` where nobody had one. */
  readonly ageMs: Ms | undefined;
  /** What allowed a value that is no longer fresh; `undefined` for a fresh one. */
  readonly stale: StaleReason | undefined;
}

/** How one read is to be answered. */
export interface ReadOptions {
  /**
   * Ends the wait of this caller alone: the read rejects with the signal's reason. The load goes on for others; when
   * the last of its waiters has left, the loader's own signal fires.
   */
  readonly signal?: AbortSignal;
  /**
   * What may answer: anything the rules allow; only a `load` begun now, whose value replaces what the tiers hold,
   * where the namespace has a loader; or only what a tier holds `cached` and fresh, never a loader. @defaultValue "any"
   */
  readonly from?: "any" | "load" | "cached";
  /**
   * Names of tiers that are not asked, and so not given what is found in another either: they may hold a newer value. What
   * is loaded they are given. A read that passes tiers by has a flight of its own: it joins no load that is running, and none
   * joins it; a hit of it refreshes and prolongs nothing behind. @defaultValue none
   */
  readonly skipReading?: readonly string[];
  /** Names of tiers that are left as they are: they are not given what is found or loaded. Likewise. @defaultValue none */
  readonly skipWriting?: readonly string[];
}
