import type { Ms } from "../contracts/clock.ts";
import type { LocalShare } from "../contracts/tier.ts";
import { minutes, seconds } from "../durations.ts";
import { CacheError } from "../errors.ts";
import { lifetimeMs, type OptionRule } from "../option-rules.ts";
import type { Isolation } from "./isolation.ts";
import { type LocalEntryOptions, localOptionsRule, noShare, shareOf } from "./local-options.ts";

/** How long values live and what happens when they grow old. Given for a whole cache or a namespace. */
export interface EntryOptions<V = unknown> {
  /**
   * How long a value is fresh after it was loaded or set, in ms; above 0, `Infinity` for values that never change. A
   * function decides by the value; where it returns anything but a number above 0, or throws, the value is handed out but
   * not kept. @defaultValue 300_000 (5 minutes)
   */
  readonly ttlMs?: Ms | ((value: V) => Ms);
  /** As `ttlMs`, for `undefined`: the loader's word that there is none. @defaultValue `ttlMs` */
  readonly negativeTtlMs?: Ms;
  /** Limits of the local tier alone. */
  readonly local?: LocalEntryOptions;
  /**
   * The part of the time to live, from 0 up to but not including 1, by which it is shortened at random, so that values
   * loaded together do not grow old together. @defaultValue 0
   */
  readonly ttlJitter?: number;
  /**
   * Whether a hit prolongs the life of its value, as for sessions: a value is gone `ttlMs` after it was last read. It is
   * renewed on the first hit after a tenth of its life, so the end may come up to a tenth early. Where there are remote
   * tiers, one of them must still have the key: a session that another process has ended, or that none of them can
   * confirm, is not prolonged. @defaultValue false
   */
  readonly sliding?: boolean;
  /**
   * How long after the end of freshness a value is still served at once, while one load refreshes it behind, in ms
   * (RFC 5861). 0 for never. @defaultValue 0
   */
  readonly staleWhileRevalidateMs?: Ms;
  /**
   * How long after the end of freshness a value is served when the loader fails or is too late, in ms (RFC 5861). 0 for
   * never. @defaultValue 0
   */
  readonly staleIfErrorMs?: Ms;
  /**
   * How long after an invalidation a loader may still read what was before it, in ms; at least 0 and finite: the lag of a
   * database replica. What is loaded within it is handed out, but not kept, in any process. @defaultValue 0
   */
  readonly holdOffMs?: Ms;
  /**
   * After a failed load, how long the stale value is served before the next try, in ms, from the failure. 0 tries on
   * every read. Needs a local tier, which remembers it. @defaultValue 1_000
   */
  readonly retryLoadAfterMs?: Ms;
  /**
   * When a hit on a fresh value refreshes it behind, so that a value in use never grows stale: from a part of its time
   * to live on (above 0, below 1), or, with `"probabilistic"`, at a random instant before its end that is the earlier
   * the longer its load took (XFetch: Vattani, Chierichetti, Lowenstein, VLDB 2015; drawn once an entry instead of on
   * each read, so that a hit pays nothing). @defaultValue never
   */
  readonly refreshAhead?: number | "probabilistic";
  /**
   * How long a reader waits for tiers and loader while a stale value is at hand that `staleIfErrorMs` or
   * `staleWhileRevalidateMs` allows, in ms; then it is given that one, and the load goes on and fills the tiers.
   * @defaultValue no limit
   */
  readonly softTimeoutMs?: Ms;
  /**
   * How long a loader may take, in ms. Then its signal fires and its readers are given a stale value that
   * `staleIfErrorMs` allows, or a `LOAD_TIMEOUT`. A loader that ends later still fills the tiers. `Infinity` waits for ever.
   * @defaultValue 60_000 (1 minute)
   */
  readonly hardTimeoutMs?: Ms;
  /**
   * What keeps a caller who changes a value from changing it for everybody: see {@link Isolation}.
   * @defaultValue "freeze"; "share" where the environment variable `NODE_ENV` is "production"
   */
  readonly isolate?: Isolation;
}

/** {@link EntryOptions} with every default filled in. Made once for a namespace; no read ever merges options. */
export interface EntryRules {
  readonly ttlMs: Ms | ((value: never) => Ms);
  /** `undefined` for the same as `ttlMs`. */
  readonly negativeTtlMs: Ms | undefined;
  /** `undefined` for what suits the tiers of the cache. */
  readonly localTtlMs: Ms | undefined;
  /** `undefined` for none in particular. A namespace's own: never inherited. */
  readonly localShare: LocalShare | undefined;
  readonly ttlJitter: number;
  readonly sliding: boolean;
  readonly staleWhileRevalidateMs: Ms;
  readonly staleIfErrorMs: Ms;
  readonly holdOffMs: Ms;
  readonly retryLoadAfterMs: Ms;
  readonly refreshAhead: number | "probabilistic" | undefined;
  readonly softTimeoutMs: Ms;
  readonly hardTimeoutMs: Ms;
  readonly isolate: Isolation;
}

/** A duration that may be nothing: 0 or above, `Infinity` for no end. */
const spanMs: OptionRule = {
  allowed: "a number of milliseconds of at least 0, or Infinity",
  accepts: (value) => typeof value === "number" && value >= 0,
};

/** A hold-off. */
export const holdOffRule: OptionRule = {
  allowed: "a finite number of milliseconds of at least 0",
  accepts: (value) => typeof value === "number" && value >= 0 && Number.isFinite(value),
};

/** What each of the {@link EntryOptions} accepts. */
export const entryOptionRules: Readonly<Record<keyof EntryOptions, OptionRule>> = {
  ttlMs: {
    allowed: `${lifetimeMs.allowed}, or a function that returns one`,
    accepts: (value) => typeof value === "function" || lifetimeMs.accepts(value),
  },
  negativeTtlMs: lifetimeMs,
  local: localOptionsRule,
  ttlJitter: {
    allowed: "a number from 0 up to but not including 1",
    accepts: (value) => typeof value === "number" && value >= 0 && value < 1,
  },
  sliding: { allowed: "true or false", accepts: (value) => typeof value === "boolean" },
  staleWhileRevalidateMs: spanMs,
  staleIfErrorMs: spanMs,
  holdOffMs: holdOffRule,
  retryLoadAfterMs: spanMs,
  refreshAhead: {
    allowed: 'a number above 0 and below 1, or "probabilistic"',
    accepts: (value) => value === "probabilistic" || (typeof value === "number" && value > 0 && value < 1),
  },
  softTimeoutMs: lifetimeMs,
  hardTimeoutMs: lifetimeMs,
  isolate: {
    allowed: '"freeze", "clone" or "share"',
    accepts: (value) => value === "freeze" || value === "clone" || value === "share",
  },
};

/** The rules of a cache whose user said nothing. */
export const defaultRules: EntryRules = {
  ttlMs: minutes(5),
  negativeTtlMs: undefined,
  localTtlMs: undefined,
  localShare: undefined,
  ttlJitter: 0,
  sliding: false,
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
  holdOffMs: 0,
  retryLoadAfterMs: seconds(1),
  refreshAhead: undefined,
  softTimeoutMs: Number.POSITIVE_INFINITY,
  hardTimeoutMs: minutes(1),
  isolate: process.env["NODE_ENV"] === "production" ? "share" : "freeze",
};

/**
 * Lays options, already checked one by one, over the rules they refine.
 *
 * @param owner - Who gave the options, for the message.
 * @throws `INVALID_OPTION` for options that exclude each other, and for a share that is none.
 */
export function rulesOf<V>(owner: string, options: EntryOptions<V> | undefined, base: EntryRules): EntryRules {
  if (options === undefined) return base;
  const rules: EntryRules = {
    ttlMs: options.ttlMs ?? base.ttlMs,
    negativeTtlMs: options.negativeTtlMs ?? (options.ttlMs === undefined ? base.negativeTtlMs : undefined),
    localTtlMs: options.local?.ttlMs ?? base.localTtlMs,
    // What is laid over the defaults are the rules of a whole cache.
    localShare: base === defaultRules ? noShare(owner, options.local) : shareOf(owner, options.local),
    ttlJitter: options.ttlJitter ?? base.ttlJitter,
    sliding: options.sliding ?? base.sliding,
    staleWhileRevalidateMs: options.staleWhileRevalidateMs ?? base.staleWhileRevalidateMs,
    staleIfErrorMs: options.staleIfErrorMs ?? base.staleIfErrorMs,
    holdOffMs: options.holdOffMs ?? base.holdOffMs,
    retryLoadAfterMs: options.retryLoadAfterMs ?? base.retryLoadAfterMs,
    refreshAhead: options.refreshAhead ?? base.refreshAhead,
    softTimeoutMs: options.softTimeoutMs ?? base.softTimeoutMs,
    hardTimeoutMs: options.hardTimeoutMs ?? base.hardTimeoutMs,
    isolate: options.isolate ?? base.isolate,
  };
  if (rules.sliding && rules.refreshAhead !== undefined) {
    const message = `${owner}.sliding excludes refreshAhead: a hit either prolongs a value's life or has it loaded anew.`;
    throw new CacheError("INVALID_OPTION", message);
  }
  return rules;
}
