import type { Ms } from "../contracts/clock.ts";
import { minutes } from "../durations.ts";
import { lifetimeMs, type OptionRule } from "../option-rules.ts";

/** How long the entries of a namespace live. Given for a whole cache, a namespace, or one write. */
export interface EntryOptions {
  /**
   * How long a value answers reads after it was loaded or set, in ms; above 0, `Infinity` for values that never change.
   * @defaultValue 300_000 (5 minutes)
   */
  readonly ttlMs?: Ms;
}

/** {@link EntryOptions} with every default filled in. Made once for a namespace; no read ever merges options. */
export interface EntryRules {
  readonly ttlMs: Ms;
}

/** What each of the {@link EntryOptions} accepts. */
export const entryOptionRules: Readonly<Record<keyof EntryOptions, OptionRule>> = { ttlMs: lifetimeMs };

/** The rules of a cache whose user said nothing. */
export const defaultRules: EntryRules = { ttlMs: minutes(5) };

/** Lays options, already checked, over the rules they refine. */
export function rulesOf(options: EntryOptions | undefined, base: EntryRules): EntryRules {
  return { ttlMs: options?.ttlMs ?? base.ttlMs };
}
