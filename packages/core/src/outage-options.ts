import type { TierBreakerOptions } from "./breaker/tier-breaker.ts";
import type { Ms } from "./contracts/clock.ts";
import type { RemoteTier } from "./contracts/tier.ts";
import { minutes, seconds } from "./durations.ts";
import { type OptionRule, trueOrFalse } from "./option-rules.ts";

/** What the local tier does with what it holds while nobody can say whether it still holds. */
export type OnDisconnect = "serve-local" | "distrust-local";

/** What a cache does while a remote tier is away. */
export interface OutageOptions {
  /**
   * When a remote tier that keeps failing is not asked any longer. Counts for tiers that were given no breaker of their own by
   * `guard`. @defaultValue after 3 failures in a row, for 100 ms at first and 2 s at most
   */
  readonly breaker?: TierBreakerOptions;
  /**
   * What the local tier does with what it holds while nobody can say whether it still holds, as the server of the bus is away:
   *
   * - `serve-local`: it answers to the end of its life, flagged `uncertified`.
   * - `distrust-local`: it does not answer; whoever asks gets a load.
   *
   * @defaultValue "serve-local"
   */
  readonly onDisconnect?: OnDisconnect;
  /**
   * How long, in ms, the local tier keeps what was loaded while the server of the bus was away, as no other process can say that it
   * is out of date; 0 for not at all. @defaultValue 5_000
   */
  readonly islandTtlMs?: Ms;
  /**
   * Whether an idle cache lets the process end: neither its timers nor its connections keep it alive then. Who waits for an
   * answer is waited for all the same; what is queued for a server that is away is lost. @defaultValue false
   */
  readonly unref?: boolean;
}

/** {@link OutageOptions} of which a read asks. */
export interface OutageRules {
  readonly onDisconnect: OnDisconnect;
  readonly islandTtlMs: Ms;
  /** How long a local tier answers at most where nobody has said so. */
  readonly localTtlMs: Ms;
}

const DEFAULT_ISLAND_TTL_MS: Ms = seconds(5);

/** An invalidation that was missed for good ends with the entry: at the latest after so long, with a bus and without. */
const LOCAL_TTL_MS = { withBus: minutes(5), without: minutes(1) };

/** What each of the {@link OutageOptions} accepts. */
export const outageOptionRules: Readonly<Record<keyof OutageOptions, OptionRule>> = {
  breaker: {
    allowed: "an object with failures, openMs and longestOpenMs",
    accepts: (value) => typeof value === "object" && value !== null,
  },
  onDisconnect: {
    allowed: '"serve-local" or "distrust-local"',
    accepts: (value) => value === "serve-local" || value === "distrust-local",
  },
  islandTtlMs: {
    allowed: "a number of milliseconds of at least 0, or Infinity",
    accepts: (value) => typeof value === "number" && value >= 0,
  },
  unref: trueOrFalse,
};

/** Fills in the defaults. */
export function outageRulesOf(
  { onDisconnect, islandTtlMs }: OutageOptions,
  remotes: readonly RemoteTier[],
): OutageRules {
  return {
    onDisconnect: onDisconnect ?? "serve-local",
    islandTtlMs: islandTtlMs ?? DEFAULT_ISLAND_TTL_MS,
    localTtlMs: localTtlMs(remotes),
  };
}

function localTtlMs(remotes: readonly RemoteTier[]): Ms {
  if (remotes.length === 0) return Number.POSITIVE_INFINITY;
  return remotes.some(({ bus }) => bus !== undefined) ? LOCAL_TTL_MS.withBus : LOCAL_TTL_MS.without;
}
