import type { Cache, CacheStats, Health, NamespaceStats, TierStats } from "@tiercache/core";
import type { EventFeed } from "./event-feed.ts";
import type { InstanceReport, InstanceState, NamespaceState, TierState, WatchedState } from "./instance-state.ts";
import type { LiveDesk } from "./live-desk.ts";
import { LocalLook } from "./local-look.ts";
import { ReadHistory } from "./read-history.ts";

/** What is watched. */
export interface MonitorParts {
  readonly name: string;
  readonly cache: Cache;
  readonly desk: LiveDesk;
  readonly feed: EventFeed;
}

/** The health is a trip to each tier: not with every look. */
const healthEveryMs = 2_000;

/** Looks at an instance from time to time, and remembers what it saw. */
export class InstanceMonitor {
  readonly #parts: MonitorParts;
  readonly #startedMs = performance.now();
  readonly #look = new LocalLook();
  readonly #history: ReadHistory;
  readonly #localTier: string | undefined;
  #health: Health = { status: "healthy", reasons: [], tiers: [] };
  #healthAtMs = Number.NEGATIVE_INFINITY;
  #watchedUser = 1;
  #state: InstanceState | undefined;

  constructor(parts: MonitorParts) {
    this.#parts = parts;
    const { tiers } = parts.cache.stats();
    this.#localTier = Object.keys(tiers).find((tier) => tiers[tier]?.kind === "local");
    this.#history = new ReadHistory(this.#localTier ?? "");
  }

  /** What the last look saw; `undefined` before the first. */
  get lastState(): InstanceState | undefined {
    return this.#state;
  }

  /** Whose preferences are looked at from now on. */
  watch(userId: number): void {
    this.#watchedUser = userId;
  }

  /** What the last look saw, after a first one, and what has happened since an event. */
  async report(afterEvent: number): Promise<InstanceReport> {
    return { state: this.#state ?? (await this.look()), events: this.#parts.feed.after(afterEvent) };
  }

  /** Looks now. Never rejects. */
  async look(): Promise<InstanceState> {
    const { name, cache, desk } = this.#parts;
    const nowMs = performance.now();
    if (nowMs - this.#healthAtMs > healthEveryMs) {
      this.#healthAtMs = nowMs;
      this.#health = await cache.health();
    }
    const watched = await this.#watched();
    const stats = cache.stats();
    const localMs = await this.#look.takenMs();
    this.#history.take(stats, performance.now());
    const { status, reasons } = this.#health;
    this.#state = {
      name,
      processId: process.pid,
      upMs: nowMs - this.#startedMs,
      status,
      reasons: reasons.map(({ reason, tier }) => (tier === undefined ? reason : `${tier}: ${reason}`)),
      tiers: Object.entries(stats.tiers).map(([tier, of]) => tierState(tier, of, { stats, localMs })),
      namespaces: Object.entries(stats.namespaces).map((entry) => this.#namespace(...entry)),
      origins: desk.originState(stats),
      certificateAgeMs: stats.certificateAgeMs ?? null,
      history: this.#history.samples,
      watched,
    };
    return this.#state;
  }

  async #watched(): Promise<WatchedState | null> {
    const userId = this.#watchedUser;
    try {
      const { key, tiers, answeredBy } = await this.#parts.desk.explainPreferences(userId);
      const held = tiers.map((holding) => ({
        tier: holding.tier,
        holds: holding.holds,
        ageMs: "ageMs" in holding ? holding.ageMs : null,
      }));
      return { userId, key, tiers: held, answeredBy: answeredBy ?? null };
    } catch {
      // Closed meanwhile: there is nothing to see.
      return null;
    }
  }

  #namespace(name: string, { total, last5Min, target, entries, savedMs }: NamespaceStats): NamespaceState {
    const answered = last5Min.hits + last5Min.stale;
    const reads = answered + last5Min.misses + last5Min.bypasses + last5Min.errors;
    const local = (last5Min.hitsByTier[this.#localTier ?? ""] ?? 0) + last5Min.stale;
    const share = (part: number): number => (reads === 0 ? 0 : part / reads);
    return {
      name,
      target: target ?? null,
      reads,
      hitRate: last5Min.hitRate ?? null,
      localShare: share(local),
      remoteShare: share(answered - local),
      entries,
      loadP50Ms: last5Min.loadMs.count === 0 ? null : last5Min.loadMs.p50Ms,
      wasRead: total.hits + total.stale + total.misses + total.bypasses + total.errors > 0,
      savedMs,
    };
  }
}

function tierState(
  name: string,
  { kind, breaker, outboxKeys, total, last1Min }: TierStats,
  { stats, localMs }: { readonly stats: CacheStats; readonly localMs: number },
): TierState {
  const isLocal = kind === "local";
  const measured = last1Min.getMs.count > 0 ? last1Min.getMs : undefined;
  return {
    name,
    kind,
    breaker: breaker ?? null,
    entries: isLocal ? Object.values(stats.namespaces).reduce((sum, { entries }) => sum + entries, 0) : null,
    hits: total.hits,
    calls: total.calls,
    refusedCalls: total.refusedCalls,
    failures: total.getFailures + total.setFailures,
    outboxKeys,
    p50Ms: isLocal ? localMs : (measured?.p50Ms ?? null),
    p99Ms: isLocal ? localMs : (measured?.p99Ms ?? null),
  };
}
