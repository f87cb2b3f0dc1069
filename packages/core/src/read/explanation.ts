import type { BreakerState } from "../contracts/breaker.ts";
import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { FrameRejection, StaleReason } from "../contracts/observer.ts";
import type { Token } from "../contracts/stamp.ts";
import type { FrameTokens } from "../entry/frame.ts";
import {
  judge,
  mayServeOnError,
  mayServeWhileRevalidating,
  newer,
  staleFrom,
  staleReasonOf,
  usefulMs,
  type Verdict,
} from "../entry/freshness.ts";
import { isPlaceholder, isTombstone, minimumIn } from "../entry/placeholder.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import { isUnsure, standingsOf } from "../tags/standings.ts";
import type { TokenTrip } from "../tags/token-trip.ts";
import type { Family } from "../write/family.ts";
import { type FoundEntry, FrameReader } from "./frame-reader.ts";

/** The life of what a tier holds, in ms from now; `Infinity` for ever. */
export interface HeldLife {
  /** How long ago the value was loaded or set. */
  readonly ageMs: Ms;
  /** How long it is fresh; not above 0 when it is stale. */
  readonly freshForMs: Ms;
  /** How long it may still answer by the namespace's rules, as a stale value too; not above 0 when that is over. */
  readonly usefulForMs: Ms;
  /** How the origin names this version, if the loader has said so. */
  readonly etag: string | undefined;
  /** Its tags. */
  readonly tags: readonly HeldTag[];
}

/** A tag of a value. */
export interface HeldTag {
  /** As the remote tiers know it: escaped as a key is, or hidden where keys are. */
  readonly tag: string;
  /** Whether it has not been invalidated since the value was made, as far as that is known. */
  readonly isCurrent: boolean;
}

/**
 * What one tier holds of a key:
 *
 * - `leased`: no value, but some process is loading it, and others wait for that.
 * - `tombstone`: no value, and none is kept there yet: the key was invalidated with a hold-off that still lasts.
 * - `nothing`, or `unreachable`: it could not be asked, `code` says why.
 * - `rejected`: bytes that are no entry of this namespace, `reason` says why.
 * - `ended`: a value that does not answer any longer: a tag of it was deleted, or its namespace cleared.
 * - `uncertified`: a value of which nobody can be asked whether that is so; it answers flagged as such while it would be fresh.
 * - `fresh`; `due`: fresh, but a hit would start a refresh; `stale`: it may answer where the rules allow; `expired`: it may not.
 */
export type Holding =
  | { readonly tier: string; readonly holds: "nothing" }
  | { readonly tier: string; readonly holds: "leased" }
  | { readonly tier: string; readonly holds: "tombstone" }
  | { readonly tier: string; readonly holds: "unreachable"; readonly code: string }
  | { readonly tier: string; readonly holds: "rejected"; readonly reason: FrameRejection }
  | { readonly tier: string; readonly holds: "ended"; readonly isCleared: boolean; readonly tags: readonly HeldTag[] }
  | ({ readonly tier: string; readonly holds: "fresh" | "due" | "stale" | "expired" | "uncertified" } & HeldLife);

/** What is known of a key at one moment. */
export interface Explanation {
  readonly namespace: string;
  /** The key in the remote tiers. */
  readonly key: string;
  /** One element a tier, nearest first. */
  readonly tiers: readonly Holding[];
  /**
   * Who would answer a read: a tier, `"loader"`, or nobody (`undefined`), where no tier may and there is no loader. A load that
   * fails may still be answered for by a tier.
   */
  readonly answeredBy: string | undefined;
  /** What would allow that answer if it is stale. */
  readonly stale: StaleReason | undefined;
  /**
   * Whether a load of the key is running. A read that the local tier does not answer joins it, and is given what that brings,
   * whatever the other tiers hold by now.
   */
  readonly isLoading: boolean;
  /** The state of each remote tier's breaker, by the tier's name. One that is not closed is not asked. */
  readonly breakers: Readonly<Record<string, BreakerState>>;
}

/** What one tier holds, and the verdict on it. */
interface Judged<V> {
  readonly holding: Holding;
  /** `undefined` where the tier holds no entry. */
  readonly entry: Entry<V> | undefined;
  readonly verdict: Verdict;
}

/** Looks at a key in every tier without changing anything. */
export class KeyInspection<V> {
  readonly #family: Family<V>;
  readonly #frames: FrameReader<V>;
  readonly #mayLoad: boolean;

  /** @param mayLoad - Whether a read of the namespace ends in a load. */
  constructor(family: Family<V>, mayLoad: boolean) {
    this.#family = family;
    this.#frames = new FrameReader(family);
    this.#mayLoad = mayLoad;
  }

  /** @throws `INVALID_KEY`. */
  async explain(id: string): Promise<Explanation> {
    const { stack, local, localName, loads, name: namespace } = this.#family;
    const key = this.#family.remoteKey(id);
    // Who wonders about an entry does not use it.
    const held = local.peek === undefined ? local.get(id) : local.peek(id);
    const nearest = held === undefined ? nothing(localName) : this.#judged(localName, held);
    const trip = stack.tags.trip();
    trip.learn([this.#family.tags.generation]);
    const remote = await Promise.all(stack.remotes.map((tier) => this.#inTier(tier, key, trip)));
    const judged = stack.local === undefined ? remote : [nearest, ...remote];
    return {
      namespace,
      key,
      tiers: judged.map(({ holding }) => holding),
      ...this.#answering(id, judged),
      isLoading: loads.running(id) !== undefined,
      breakers: Object.fromEntries(stack.remotes.map(({ name, watch }) => [name, watch.state])),
    };
  }

  async #inTier(tier: RemoteLink, key: string, trip: TokenTrip): Promise<Judged<V>> {
    const answer = await tier.probe(key);
    if ("failure" in answer) return noEntry({ tier: tier.name, holds: "unreachable", code: answer.failure });
    const { answer: frame } = answer;
    if (frame === undefined) return nothing(tier.name);
    if (isTombstone(frame)) return noEntry({ tier: tier.name, holds: "tombstone" });
    if (isPlaceholder(frame)) return noEntry({ tier: tier.name, holds: "leased" });
    if (minimumIn(frame) !== undefined) return nothing(tier.name);
    const shiftMs = tier.shiftMs();
    if (shiftMs === undefined) return noEntry({ tier: tier.name, holds: "unreachable", code: "TIME_UNKNOWN" });
    const [found] = await this.#frames.entriesIn([{ frame, key, shiftMs }]);
    if (found === undefined) return nothing(tier.name);
    if (typeof found === "string") return noEntry({ tier: tier.name, holds: "rejected", reason: found });
    await trip.learning;
    const [standing] = await standingsOf([found], this.#family.tags.generation, trip);
    if (standing === "gone") return noEntry({ tier: tier.name, holds: "ended", ...this.#endOf(found.tokens) });
    if (isUnsure(standing)) return this.#uncertified(tier.name, found);
    if (typeof standing === "object" && "stamps" in standing) found.entry.stamps = standing.stamps;
    return this.#judged(tier.name, found.entry);
  }

  #uncertified(tier: string, { entry, tokens }: FoundEntry<V>): Judged<V> {
    const judged = this.#judged(tier, entry);
    return { ...judged, holding: { tier, ...this.#lifeOf(entry, this.#heldTags(tokens)), holds: "uncertified" } };
  }

  #endOf(tokens: FrameTokens): { readonly isCleared: boolean; readonly tags: readonly HeldTag[] } {
    return { isCleared: !this.#isKnown(this.#family.tags.generation, tokens.generation), tags: this.#heldTags(tokens) };
  }

  #heldTags({ tags = [] }: FrameTokens): readonly HeldTag[] {
    return tags.map(({ tag, token }) => ({ tag, isCurrent: this.#isKnown(tag, token) }));
  }

  #isKnown(name: string, token: Token): boolean {
    return this.#family.stack.tags.table.known(name)?.token === token;
  }

  #judged(tier: string, entry: Entry<V>): Judged<V> {
    const { stack, rules } = this.#family;
    const now = stack.clock.now();
    const verdict = judge(entry, now, rules);
    const mayAnswer = mayServeOnError(entry, now, rules) || mayServeWhileRevalidating(entry, now, rules);
    const staleHolds = mayAnswer ? "stale" : "expired";
    const holds = verdict === "fresh" ? "fresh" : verdict === "fresh-due" ? "due" : staleHolds;
    const tags = entry.stamps?.map(({ tag, isCurrent }) => ({ tag, isCurrent })) ?? [];
    return { holding: { tier, holds, ...this.#lifeOf(entry, tags) }, entry, verdict };
  }

  #lifeOf(entry: Entry<V>, tags: readonly HeldTag[]): HeldLife {
    const { stack, rules } = this.#family;
    const now = stack.clock.now();
    return {
      ageMs: Math.max(0, now - entry.createdAt),
      freshForMs: staleFrom(entry) - now,
      usefulForMs: usefulMs(entry, now, rules),
      etag: entry.etag,
      tags,
    };
  }

  /** As a read goes: what is held locally, the nearest fresh one, the newest that may answer while it is refreshed, the loader. */
  #answering(id: string, judged: readonly Judged<V>[]): Answering {
    const certain = judged.filter(({ holding }) => holding.holds !== "uncertified");
    const fresh = certain.find(({ verdict }) => verdict.startsWith("fresh"));
    const uncertified = judged.find(({ verdict }) => verdict.startsWith("fresh"));
    if (!this.#mayLoad) return answeredBy(fresh, uncertified);
    const { stack, rules, loads, localName } = this.#family;
    const now = stack.clock.now();
    // What is held locally answers before any remote tier is asked; then what a running load has answered with already.
    const [nearest] = judged;
    const interim = loads.running(id)?.interim;
    if (stack.local !== undefined && nearest !== undefined && nearest.verdict !== "unusable") {
      return { answeredBy: localName, stale: staleReasonOf(nearest.verdict) };
    }
    const behind = interim === undefined ? "unusable" : judge(interim.entry, now, rules);
    if (interim !== undefined && behind !== "unusable") {
      return { answeredBy: interim.tier, stale: staleReasonOf(behind) };
    }
    if (fresh !== undefined) return { answeredBy: fresh.holding.tier, stale: undefined };
    if (uncertified !== undefined) return { answeredBy: uncertified.holding.tier, stale: "uncertified" };
    const newest = certain.reduce<Entry<V> | undefined>((best, { entry }) => newer(best, entry), undefined);
    if (newest === undefined || !mayServeWhileRevalidating(newest, now, rules)) {
      return { answeredBy: "loader", stale: undefined };
    }
    return { answeredBy: judged.find(({ entry }) => entry === newest)?.holding.tier, stale: "revalidating" };
  }
}

type Answering = Pick<Explanation, "answeredBy" | "stale">;

/** By what is fresh; else by what would be, where nobody can say whether it still holds. */
function answeredBy(fresh: Judged<unknown> | undefined, uncertified: Judged<unknown> | undefined): Answering {
  if (fresh !== undefined || uncertified === undefined) return { answeredBy: fresh?.holding.tier, stale: undefined };
  return { answeredBy: uncertified.holding.tier, stale: "uncertified" };
}

function nothing(tier: string): Judged<never> {
  return noEntry({ tier, holds: "nothing" });
}

function noEntry(holding: Holding): Judged<never> {
  return { holding, entry: undefined, verdict: "unusable" };
}
