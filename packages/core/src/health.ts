import type { BreakerState } from "./contracts/breaker.ts";
import type { Ms } from "./contracts/clock.ts";
import type { RemoteLink } from "./remote/remote-link.ts";
import type { Stack } from "./stack.ts";

/**
 * What is wrong with a cache:
 *
 * - `closed`, `disabled`: it was closed, or made with `enabled: false`.
 * - `unreachable`: a remote tier did not answer just now.
 * - `breaker-open`: a remote tier that has failed is not asked at present, and is being probed.
 * - `isolated`: a remote tier was taken out of use by hand.
 * - `shard-away`: a part of a remote tier, one master of a cluster or more, does not answer while others do: its keys are done without.
 * - `removals-pending`: a remote tier is still to be told to forget keys; until then others may read old values there.
 * - `uncertified`: nothing proves that the local tier has heard of all that others have changed.
 */
export type HealthReason =
  | "closed"
  | "disabled"
  | "unreachable"
  | "breaker-open"
  | "isolated"
  | "shard-away"
  | "removals-pending"
  | "uncertified";

/** How one remote tier is. */
export interface TierHealth {
  readonly tier: string;
  readonly breaker: BreakerState;
  /** How long it took to answer just now, in ms; `undefined` where it did not, or was not asked. */
  readonly roundTripMs: Ms | undefined;
  /** The code of its failure to answer; `undefined` where it did, or was not asked. */
  readonly failure: string | undefined;
  /** How many keys it is still to be told to forget. */
  readonly pendingRemovals: number;
}

/** How a cache is. */
export interface Health {
  /**
   * `healthy`; `degraded`, where reads are answered with less than all tiers or less certainty; `unhealthy`, where every read is a
   * load, or none is answered any more.
   */
  readonly status: "healthy" | "degraded" | "unhealthy";
  /** Empty while it is healthy; of a tier where it names one. */
  readonly reasons: readonly { readonly reason: HealthReason; readonly tier: string | undefined }[];
  /** The remote tiers, nearest first. */
  readonly tiers: readonly TierHealth[];
}

/** Asks every remote tier for a sign of life. Takes no longer than the deadline of a call; never rejects. */
export async function healthOf(stack: Stack): Promise<Health> {
  const { lifetime, links, remotes, local, bus, deadlineMs } = stack;
  if (!lifetime.isOpen)
    return { status: "unhealthy", reasons: [of("closed")], tiers: links.map((link) => unasked(link)) };
  if (remotes.length === 0 && links.length > 0) {
    return { status: "degraded", reasons: [of("disabled")], tiers: links.map((link) => unasked(link)) };
  }
  const [isCertified, ...tiers] = await Promise.all([
    bus === undefined || bus.prove(deadlineMs),
    ...remotes.map((link) => healthOfTier(link)),
  ]);
  const reasons = [
    ...tiers.flatMap((tier, index) => reasonsOf(tier, remotes[index]?.watch.isShardAway === true)),
    ...(isCertified ? [] : [of("uncertified")]),
  ];
  const isUseful = local !== undefined || remotes.some((link, index) => isOfUse(link, tiers[index]));
  if (reasons.length === 0) return { status: "healthy", reasons, tiers };
  return { status: isUseful ? "degraded" : "unhealthy", reasons, tiers };
}

async function healthOfTier(link: RemoteLink): Promise<TierHealth> {
  if (link.watch.state === "isolated") return unasked(link);
  const answer = await link.watch.ping();
  const [roundTripMs, failure] = "failure" in answer ? [undefined, answer.failure] : [answer.roundTripMs, undefined];
  return { ...unasked(link), roundTripMs, failure };
}

/** Where one shard does not answer, the others do. */
function isOfUse({ watch }: RemoteLink, health: TierHealth | undefined): boolean {
  return watch.isAsked && (health?.failure === undefined || watch.isAnyShardThere);
}

function unasked({ name, watch, pendingRemovals }: RemoteLink): TierHealth {
  return { tier: name, breaker: watch.state, roundTripMs: undefined, failure: undefined, pendingRemovals };
}

function reasonsOf({ tier, breaker, failure, pendingRemovals }: TierHealth, isShardAway: boolean): Health["reasons"] {
  return [
    ...(failure === undefined ? [] : [of("unreachable", tier)]),
    ...(breaker === "open" || breaker === "half-open" ? [of("breaker-open", tier)] : []),
    ...(breaker === "isolated" ? [of("isolated", tier)] : []),
    ...(isShardAway ? [of("shard-away", tier)] : []),
    ...(pendingRemovals > 0 ? [of("removals-pending", tier)] : []),
  ];
}

function of(reason: HealthReason, tier?: string): Health["reasons"][number] {
  return { reason, tier };
}
