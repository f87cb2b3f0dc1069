import type { Ms } from "../contracts/clock.ts";
import type { LoaderContext } from "../contracts/loader.ts";
import type { EntryRules } from "../entry/rules.ts";
import { LazySignal } from "../lazy-signal.ts";
import { invalidOption } from "../option-rules.ts";

/** One load's side of the {@link LoaderContext}. */
export class LoadContext extends LazySignal implements LoaderContext {
  #ttlMs: Ms | undefined;

  /** Bound, so that a loader may take it out of its context. */
  readonly keepFor = (ttlMs: Ms): void => {
    if (!(ttlMs >= 0)) throw invalidOption("keepFor", ttlMs, { allowed: "a number of milliseconds of at least 0" });
    this.#ttlMs = ttlMs;
  };

  /** The namespace's rules, with what the loader has said in their place. */
  rulesOver(rules: EntryRules): EntryRules {
    // What the loader says is of this very value, so it counts for `undefined` too.
    return this.#ttlMs === undefined ? rules : { ...rules, ttlMs: this.#ttlMs, negativeTtlMs: undefined };
  }
}
