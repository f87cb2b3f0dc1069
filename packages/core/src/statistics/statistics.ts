import type { BreakerState } from "../contracts/breaker.ts";
import type { Clock, Ms } from "../contracts/clock.ts";
import type { CacheGauges, TierGauges } from "../contracts/gauges.ts";
import type { CacheEvent, Observer } from "../contracts/observer.ts";
import type { CacheStats, NamespaceStats, TierStats, Windowed } from "../contracts/stats.ts";
import type { LocalSpace } from "../contracts/tier.ts";
import { HitRateTarget, type TargetOptions } from "./hit-rate-target.ts";
import { NamespaceStatistics } from "./namespace-statistics.ts";
import { TierStatistics } from "./tier-statistics.ts";

/** A remote tier, as far as it can be asked at any time. */
export interface CountedLink {
  readonly name: string;
  readonly pendingRemovals: number;
  readonly watch: { readonly state: BreakerState };
}

/** What the statistics of a cache need to know of it. */
export interface StatisticsParts {
  readonly clock: Clock;
  /** The names of all tiers, nearest first. */
  readonly tiers: readonly string[];
  readonly localTier: string | undefined;
  /** Whether anything is counted at all. */
  readonly counts: boolean;
  /** The remote tiers. */
  links(): readonly CountedLink[];
  certificateAgeMs(): Ms | undefined;
  /** Who is told of plain hits, and of what the statistics find. */
  readonly listener: Observer | undefined;
}

/** A namespace that is to be counted. */
export interface CountedNamespace {
  readonly name: string;
  readonly space: LocalSpace<unknown>;
  readonly target: TargetOptions | undefined;
}

/**
 * Counts what happens in a cache: an observer like any other, but for the hits, which are tallied where they are made.
 * Nothing here ever throws.
 */
export class Statistics implements Observer {
  readonly #parts: StatisticsParts;
  readonly #namespaces = new Map<string, NamespaceStatistics>();
  readonly #targets: HitRateTarget[] = [];
  readonly #tiers: ReadonlyMap<string, TierStatistics>;
  #since: Ms;

  constructor(parts: StatisticsParts) {
    this.#parts = parts;
    this.#tiers = new Map(parts.tiers.map((tier) => [tier, new TierStatistics(parts.clock)]));
    this.#since = parts.clock.now();
  }

  /** Counts one more namespace. */
  namespace({ name, space, target: options }: CountedNamespace): NamespaceStatistics {
    const { clock, tiers, localTier, counts, listener } = this.#parts;
    const tell = (event: CacheEvent): void => listener?.on(event);
    const target = options && counts ? new HitRateTarget(options, { namespace: name, clock, tell }) : undefined;
    const statistics = new NamespaceStatistics({ name, clock, tiers, localTier, space, counts, listener, target });
    if (target !== undefined) this.#targets.push(target);
    this.#namespaces.set(name, statistics);
    return statistics;
  }

  on(event: CacheEvent): void {
    if ("namespace" in event) this.#namespaces.get(event.namespace)?.on(event);
    else if ("tier" in event) this.#tiers.get(event.tier)?.on(event);
  }

  stats(): CacheStats {
    const namespaces = [...this.#namespaces].map(([name, each]) => [name, each.stats()] as const);
    const tiers = this.#tierStats(namespaces.map(([, stats]) => stats));
    const sum = (failures: "getFailures" | "setFailures"): number =>
      tiers.reduce((all, [, { total }]) => all + total[failures], 0);
    return {
      forMs: this.#parts.clock.now() - this.#since,
      namespaces: Object.fromEntries(namespaces),
      tiers: Object.fromEntries(tiers),
      getFailures: sum("getFailures"),
      setFailures: sum("setFailures"),
      certificateAgeMs: this.#parts.certificateAgeMs(),
    };
  }

  gauges(): CacheGauges {
    return {
      namespaces: [...this.#namespaces.values()].map((each) => each.gauges()),
      tiers: this.#remotes(),
      certificateAgeMs: this.#parts.certificateAgeMs(),
    };
  }

  /** Begins anew. */
  reset(): void {
    for (const namespace of this.#namespaces.values()) namespace.reset();
    for (const tier of this.#tiers.values()) tier.reset();
    this.#since = this.#parts.clock.now();
  }

  /** Waits for nothing any longer. */
  close(): void {
    for (const target of this.#targets) target.close();
  }

  #remotes(): readonly TierGauges[] {
    return this.#parts.links().map(({ name: tier, pendingRemovals, watch }) => {
      return { tier, outboxKeys: pendingRemovals, breaker: watch.state };
    });
  }

  #tierStats(namespaces: readonly NamespaceStats[]): readonly (readonly [name: string, stats: TierStats])[] {
    const remotes = this.#remotes();
    return [...this.#tiers].map(([tier, statistics]) => {
      const hitsIn = (window: keyof Windowed<unknown>): number =>
        namespaces.reduce((sum, stats) => sum + (stats[window].hitsByTier[tier] ?? 0), 0);
      const kind = tier === this.#parts.localTier ? "local" : "remote";
      const { outboxKeys = 0, breaker } = remotes.find((remote) => remote.tier === tier) ?? {};
      return [tier, { kind, ...statistics.stats(hitsIn), outboxKeys, breaker }] as const;
    });
  }
}
