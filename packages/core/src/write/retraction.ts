import type { Ms } from "../contracts/clock.ts";
import type { EntryRules } from "../entry/rules.ts";
import { holdOffRule } from "../entry/rules.ts";
import type { OptionRule } from "../option-rules.ts";
import { type RemoteOptions, remoteOptionRules } from "./remote-options.ts";

/** What is asked for with an invalidation, in place of the namespace's own rules. */
export interface InvalidateOptions extends RemoteOptions {
  /** See `EntryOptions`. @defaultValue the namespace's `holdOffMs` */
  readonly holdOffMs?: Ms;
}

/** What each of the {@link InvalidateOptions} accepts. */
export const invalidateOptionRules: Readonly<Record<keyof InvalidateOptions, OptionRule>> = {
  holdOffMs: holdOffRule,
  ...remoteOptionRules,
};

/** What becomes of keys whose values are no longer to be believed. */
export interface Retraction {
  /** Whether they may still answer where a load fails. */
  readonly keepsStale: boolean;
  /** For how long nothing that is loaded is kept. */
  readonly holdOffMs: Ms;
}

/** Nothing answers any longer. */
export function deletion({ holdOffMs }: EntryRules, options: InvalidateOptions | undefined): Retraction {
  return { keepsStale: false, holdOffMs: options?.holdOffMs ?? holdOffMs };
}

/** What is there answers where a load fails, if the namespace keeps anything for that. */
export function invalidation({ staleIfErrorMs, holdOffMs }: EntryRules, options?: InvalidateOptions): Retraction {
  return { keepsStale: staleIfErrorMs > 0, holdOffMs: options?.holdOffMs ?? holdOffMs };
}
