import type { Ms } from "../contracts/clock.ts";
import type { BatchLoaderContext, LoaderContext, StaleValue } from "../contracts/loader.ts";
import type { EntryRules } from "../entry/rules.ts";
import { LazySignal } from "../lazy-signal.ts";
import { invalidOption } from "../option-rules.ts";
import { LoadFailure, UNCHANGED } from "./loader-outcome.ts";

const LONGEST_ETAG = 1_024;

/** One load's side of its loader's context: for a batch, and for a single key, which is a batch of one. */
export class LoadTools extends LazySignal implements BatchLoaderContext {
  readonly stale: readonly (StaleValue | undefined)[];
  readonly #etags = new Map<number, string>();
  #ttlMs: Ms | undefined;

  constructor(stale: readonly (StaleValue | undefined)[]) {
    super();
    this.stale = stale;
  }

  // All are bound, so that a loader may take them out of its context.

  readonly keepFor = (ttlMs: Ms): void => {
    if (!(ttlMs >= 0)) throw invalidOption("keepFor", ttlMs, { allowed: "a number of milliseconds of at least 0" });
    this.#ttlMs = ttlMs;
  };

  readonly setEtag = (position: number, etag: string): void => {
    if (typeof etag !== "string" || etag.length === 0 || etag.length > LONGEST_ETAG || !etag.isWellFormed()) {
      throw invalidOption("setEtag", etag, { allowed: `a well-formed string of 1 to ${LONGEST_ETAG} characters` });
    }
    if (!Number.isInteger(position) || position < 0 || position >= this.stale.length) {
      const allowed = `the position of a key, from 0 to ${this.stale.length - 1}`;
      throw invalidOption("The position given to setEtag", position, { allowed });
    }
    this.#etags.set(position, etag);
  };

  readonly unchanged = (): never => UNCHANGED as never;

  readonly failed = (error: unknown): never => new LoadFailure(error) as never;

  /** The context of a loader of one key. */
  ofOne(): LoaderContext {
    const tools = this;
    return {
      get signal() {
        return tools.signal;
      },
      keepFor: this.keepFor,
      unchanged: this.unchanged,
      stale: this.stale[0],
      setEtag: (etag) => this.setEtag(0, etag),
    };
  }

  etagAt(position: number): string | undefined {
    return this.#etags.get(position);
  }

  /** The namespace's rules, with what the loader has said in their place. */
  rulesOver(rules: EntryRules): EntryRules {
    // What the loader says is of this very value, so it counts for `undefined` too.
    return this.#ttlMs === undefined ? rules : { ...rules, ttlMs: this.#ttlMs, negativeTtlMs: undefined };
  }
}
