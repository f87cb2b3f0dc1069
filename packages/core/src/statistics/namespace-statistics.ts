import type { Clock, Ms } from "../contracts/clock.ts";
import type { NamespaceGauges } from "../contracts/gauges.ts";
import type { CacheEvent, Observer } from "../contracts/observer.ts";
import type { NamespaceCounts, NamespaceStats } from "../contracts/stats.ts";
import type { EvictionCause, LocalSpace } from "../contracts/tier.ts";
import { minutes } from "../durations.ts";
import { CounterWindows } from "./counter-windows.ts";
import type { HitRateTarget, ReadsInWindow } from "./hit-rate-target.ts";
import { HitTally } from "./hit-tally.ts";
import { LATENCY_BINS, latencyBin, latencySummary } from "./latency-histogram.ts";

/** The place of each counter in the list. The bins of the loads' durations follow, then the hits of each tier. */
const STALE = 0;
const MISSES = 1;
const BYPASSES = 2;
const ERRORS = 3;
const JOINED = 4;
const LOADS = 5;
const LOAD_FAILURES = 6;
const LOAD_MS = 7;
const HITS = LOAD_MS + LATENCY_BINS;

/** What is counted by one a time. */
const counters: Readonly<Partial<Record<CacheEvent["type"], number>>> = {
  stale: STALE,
  miss: MISSES,
  bypass: BYPASSES,
  "read-failed": ERRORS,
  joined: JOINED,
};

/** What the statistics of a namespace need to know of it. */
export interface NamespacePlace {
  readonly name: string;
  readonly clock: Clock;
  /** The names of all tiers, nearest first. */
  readonly tiers: readonly string[];
  /** The name of the local tier, if there is one. */
  readonly localTier: string | undefined;
  readonly space: LocalSpace<unknown>;
  /** Whether anything is counted. */
  readonly counts: boolean;
  /** Who is told of plain hits. */
  readonly listener: Observer | undefined;
  readonly target: HitRateTarget | undefined;
}

/** Counts what happens in one namespace. */
export class NamespaceStatistics {
  /** Counts the plain hits. */
  readonly tally: HitTally;
  readonly #place: NamespacePlace;
  readonly #windows: CounterWindows;
  /** How much of the tally has been taken into the windows, and when. */
  #taken = 0;
  #takenAt: Ms;
  /** What the sums of others were when counting began anew. */
  #since: { readonly savedMs: Ms; readonly evictions: Readonly<Record<EvictionCause, number>> | undefined };

  readonly #readsIn = (windowMs: Ms): ReadsInWindow => {
    const now = this.#place.clock.now();
    this.#takeHits(now);
    return readsOf(this.#windows.last(windowMs, now), this.#place.tiers.length);
  };

  constructor(place: NamespacePlace) {
    this.#place = place;
    const { name, localTier = "none", counts, listener } = place;
    this.tally = new HitTally({ namespace: name, tier: localTier, counts, listener });
    this.#windows = new CounterWindows(HITS + place.tiers.length);
    this.#takenAt = place.clock.now();
    this.#since = { savedMs: 0, evictions: undefined };
  }

  /** Hears an event of this namespace. Plain hits are not told, but tallied. */
  on(event: CacheEvent): void {
    const now = this.#place.clock.now();
    this.#takeHits(now);
    this.#count(event, now);
    this.#judge(now);
  }

  stats(): NamespaceStats {
    const now = this.#place.clock.now();
    this.#takeHits(now);
    this.#judge(now);
    const last = (windowMs: Ms): NamespaceCounts => this.#countsIn(this.#windows.last(windowMs, now));
    const { space, target } = this.#place;
    return {
      target: target?.hitRate,
      total: this.#countsIn(this.#windows.total),
      last1Min: last(minutes(1)),
      last5Min: last(minutes(5)),
      last15Min: last(minutes(15)),
      entries: space.size,
      bytes: space.bytes,
      evictions: without(space.evictions, this.#since.evictions),
      savedMs: this.tally.savedMs - this.#since.savedMs,
    };
  }

  gauges(): NamespaceGauges {
    const now = this.#place.clock.now();
    this.#takeHits(now);
    this.#judge(now);
    const { name, localTier, space, target } = this.#place;
    return {
      namespace: name,
      tier: localTier,
      entries: space.size,
      bytes: space.bytes,
      evictions: space.evictions,
      savedMs: this.tally.savedMs,
      meetsTarget: target?.isMet,
    };
  }

  /** Begins anew. */
  reset(): void {
    const now = this.#place.clock.now();
    this.#takeHits(now);
    this.#windows.reset();
    const { evictions } = this.#place.space;
    this.#since = { savedMs: this.tally.savedMs, evictions: evictions === undefined ? undefined : { ...evictions } };
    this.#place.target?.begin(now);
  }

  /** Takes the hits that came since the last look into the windows, as if they had come evenly. */
  #takeHits(now: Ms): void {
    const { hits } = this.tally;
    const { tiers, localTier } = this.#place;
    if (hits > this.#taken && localTier !== undefined) {
      const counter = HITS + tiers.indexOf(localTier);
      this.#windows.spread(counter, hits - this.#taken, { from: this.#takenAt, until: now });
    }
    this.#taken = hits;
    this.#takenAt = now;
  }

  #count(event: CacheEvent, now: Ms): void {
    const windows = this.#windows;
    const counter = counters[event.type];
    if (counter !== undefined) windows.add(counter, 1, now);
    else if (event.type === "hit") windows.add(HITS + this.#place.tiers.indexOf(event.tier), 1, now);
    else if (event.type === "loaded" || event.type === "load-failed") {
      windows.add(event.type === "loaded" ? LOADS : LOAD_FAILURES, event.keys, now);
      windows.add(LOAD_MS + latencyBin(event.durationMs), 1, now);
    }
  }

  #judge(now: Ms): void {
    this.#place.target?.judge(now, this.#readsIn);
  }

  #countsIn(counts: ArrayLike<number>): NamespaceCounts {
    const { tiers } = this.#place;
    const at = (counter: number): number => counts[counter] ?? 0;
    const { answered, reads } = readsOf(counts, tiers.length);
    const hitsByTier = tiers.map((tier, index) => [tier, at(HITS + index)] as const).filter(([, hits]) => hits > 0);
    return {
      hits: answered - at(STALE),
      hitsByTier: Object.fromEntries(hitsByTier),
      stale: at(STALE),
      misses: at(MISSES),
      bypasses: at(BYPASSES),
      errors: at(ERRORS),
      joined: at(JOINED),
      hitRate: reads === 0 ? undefined : answered / reads,
      loads: at(LOADS),
      loadFailures: at(LOAD_FAILURES),
      loadMs: latencySummary(counts, LOAD_MS),
    };
  }
}

function readsOf(counts: ArrayLike<number>, tiers: number): ReadsInWindow {
  let answered = counts[STALE] ?? 0;
  for (let tier = 0; tier < tiers; tier++) answered += counts[HITS + tier] ?? 0;
  const others = (counts[MISSES] ?? 0) + (counts[BYPASSES] ?? 0) + (counts[ERRORS] ?? 0);
  return { answered, reads: answered + others };
}

function without(
  evictions: Readonly<Record<EvictionCause, number>> | undefined,
  before: Readonly<Record<EvictionCause, number>> | undefined,
): Readonly<Record<EvictionCause, number>> | undefined {
  if (evictions === undefined) return undefined;
  const { budget, share, expired, refused } = evictions;
  return {
    budget: budget - (before?.budget ?? 0),
    share: share - (before?.share ?? 0),
    expired: expired - (before?.expired ?? 0),
    refused: refused - (before?.refused ?? 0),
  };
}
