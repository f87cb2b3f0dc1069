import type { Clock, EpochMs, Ms } from "../contracts/clock.ts";
import type { RemoteTier } from "../contracts/tier.ts";
import { newMinimum, newTombstone, outdatedRevision } from "../entry/placeholder.ts";
import type { LazySignal } from "../lazy-signal.ts";
import { announcing } from "./call-parts.ts";
import type { Removal } from "./removal.ts";

/** Tells a tier of a removal, and has it leave behind what it shall, as far as it can. */
export function removed(
  tier: RemoteTier,
  { keys, announce, leaves }: Removal,
  { call, clock }: { readonly call: LazySignal; readonly clock: Clock },
): Promise<void> {
  const change = announcing(call, announce);
  const { fence } = tier;
  if (leaves?.kind === "stale" && fence?.outdate !== undefined) {
    const since = inTimeOf(tier, leaves.at - clock.now());
    // While the time is unknown, nobody could say since when it is out of date.
    if (since !== undefined) {
      return fence.outdate(
        keys.map((key) => ({ key, revision: outdatedRevision(since) })),
        change,
      );
    }
  }
  if (leaves?.kind === "tombstone" && fence?.bury !== undefined) {
    const leaseMs = leaves.at + leaves.holdOffMs - clock.now();
    // What is told late needs no tombstone any longer: a load that began before has lost its right all the same.
    if (leaseMs > 0) {
      const tombstones = keys.map((key) => ({ key, placeholder: newTombstone() }));
      return fence.bury(tombstones, Object.assign(change, { leaseMs }));
    }
  }
  if (leaves?.kind === "minimum" && fence?.raise !== undefined) {
    const { version, lifeMs: ttlMs } = leaves;
    // Only says for how long it is worth being put back. While the time is unknown: always.
    const expiresAt = inTimeOf(tier, ttlMs) ?? Number.MAX_SAFE_INTEGER;
    const frames = keys.map((key) => ({ key, frame: newMinimum({ version, expiresAt }) }));
    return fence.raise(frames, Object.assign(change, { ttlMs, replacesEqual: false })).then(() => {});
  }
  return tier.remove(keys, change);
}

function inTimeOf(tier: RemoteTier, fromNowMs: Ms): EpochMs | undefined {
  const now = tier.now();
  return now === undefined ? undefined : now + fromNowMs;
}
