import type { Ms } from "../contracts/clock.ts";
import type { EntryRules } from "../entry/rules.ts";
import { holdOffRule } from "../entry/rules.ts";
import { checkOptions, invalidOption, type OptionRule } from "../option-rules.ts";
import type { Remains } from "../remote/removal.ts";
import { type RemoteOptions, remoteOptionRules } from "./remote-options.ts";
import { MINIMUM_LIFE_MS, versionRule } from "./versions.ts";

/** What is asked for with an invalidation, in place of the namespace's own rules. */
export interface InvalidateOptions extends RemoteOptions {
  /** See `EntryOptions`. @defaultValue the namespace's `holdOffMs` */
  readonly holdOffMs?: Ms;
  /**
   * The version that the origin has by now, a whole number from 0 to 2^53 - 1, of a namespace that declares `version`: nothing lower
   * is kept from then on, and what is of that version already stays. In place of a hold-off. @defaultValue none
   */
  readonly version?: number;
}

/** What each of the {@link InvalidateOptions} accepts. */
const invalidateOptionRules: Readonly<Record<keyof InvalidateOptions, OptionRule>> = {
  holdOffMs: holdOffRule,
  version: versionRule,
  ...remoteOptionRules,
};

/**
 * Checks what is asked for with an invalidation.
 *
 * @throws `INVALID_OPTION`; also for a version where values have none.
 */
export function checkInvalidateOptions(
  owner: string,
  options: InvalidateOptions | undefined,
  hasVersions: boolean,
): void {
  checkOptions(owner, options, invalidateOptionRules);
  if (options?.version === undefined || hasVersions) return;
  throw invalidOption(`${owner}.version`, options.version, { allowed: "none, as the namespace declares no version" });
}

/** What becomes of keys whose values are no longer to be believed. */
export interface Retraction {
  /** Whether they may still answer where a load fails. */
  readonly keepsStale: boolean;
  /** For how long nothing that is loaded is kept. */
  readonly holdOffMs: Ms;
  /** Of which version the next value must be at least. */
  readonly version?: number | undefined;
}

/** Nothing answers any longer. */
export function deletion({ holdOffMs }: EntryRules, options: InvalidateOptions | undefined): Retraction {
  return { keepsStale: false, ...keptOut(holdOffMs, options) };
}

/** What is there answers where a load fails, if the namespace keeps anything for that. */
export function invalidation({ staleIfErrorMs, holdOffMs }: EntryRules, options?: InvalidateOptions): Retraction {
  return { keepsStale: staleIfErrorMs > 0, ...keptOut(holdOffMs, options) };
}

function keptOut(holdOffMs: Ms, { version, holdOffMs: own }: InvalidateOptions = {}): Omit<Retraction, "keepsStale"> {
  return version === undefined ? { holdOffMs: own ?? holdOffMs } : { holdOffMs: 0, version };
}

/** What is to be left in the remote tiers, at an instant. */
export function remainsOf({ keepsStale, holdOffMs, version }: Retraction, at: Ms): Remains | undefined {
  if (version !== undefined) return { kind: "minimum", version, lifeMs: MINIMUM_LIFE_MS };
  if (holdOffMs > 0) return { kind: "tombstone", at, holdOffMs };
  return keepsStale ? { kind: "stale", at } : undefined;
}
