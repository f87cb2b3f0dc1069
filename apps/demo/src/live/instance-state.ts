import type { BreakerState, Health } from "@tiercache/core";
import type { FeedEvent } from "./feed-event.ts";
import type { ReadSample } from "./read-history.ts";

/** One tier of an instance. */
export interface TierState {
  readonly name: string;
  readonly kind: "local" | "remote";
  readonly breaker: BreakerState | null;
  /** Entries and bytes held; `null` where only the server knows. */
  readonly entries: number | null;
  readonly hits: number;
  readonly calls: number;
  readonly refusedCalls: number;
  readonly failures: number;
  /** Keys it is still to be told to forget. */
  readonly outboxKeys: number;
  /** Of the last minute; `null` where nothing was measured. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** One namespace of an instance, over the last five minutes: what targets are compared with. */
export interface NamespaceState {
  readonly name: string;
  /** `null` where it has none. */
  readonly target: number | null;
  readonly reads: number;
  /** 0 to 1; `null` where nothing was read. */
  readonly hitRate: number | null;
  readonly localShare: number;
  readonly remoteShare: number;
  readonly entries: number;
  /** How long its loads took; `null` where there were none. */
  readonly loadP50Ms: number | null;
  /** Whether it was read since the start. */
  readonly wasRead: boolean;
  /** What loaders would have taken to make what was found since the start. */
  readonly savedMs: number;
}

/** What an instance holds of the preferences of the user who is watched. */
export interface WatchedState {
  readonly userId: number;
  readonly key: string;
  /** What each tier holds: see `Holding` of the framework. */
  readonly tiers: readonly { readonly tier: string; readonly holds: string; readonly ageMs: number | null }[];
  readonly answeredBy: string | null;
}

/** What the origins were asked, and what that cost. */
export interface OriginState {
  /** By what was asked. */
  readonly calls: Readonly<Record<string, number>>;
  readonly costUsd: number;
  /** Loads that were not made, as a tier had the value. */
  readonly savedLoads: number;
  /** What these would have taken. */
  readonly savedMs: number;
  /** What the embeddings among them would have cost. */
  readonly savedUsd: number;
}

/** One instance at one moment. */
export interface InstanceState {
  readonly name: string;
  readonly processId: number;
  readonly upMs: number;
  readonly status: Health["status"];
  readonly reasons: readonly string[];
  readonly tiers: readonly TierState[];
  readonly namespaces: readonly NamespaceState[];
  readonly origins: OriginState;
  /** How long ago it was proved that no announcement was missed; `null` where that is not known. */
  readonly certificateAgeMs: number | null;
  readonly history: readonly ReadSample[];
  readonly watched: WatchedState | null;
}

/** What an instance tells another one, or the page. */
export interface InstanceReport {
  readonly state: InstanceState;
  /** Since the event that was named in the question. */
  readonly events: readonly FeedEvent[];
}
