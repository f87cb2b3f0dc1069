import type { Ms } from "../contracts/clock.ts";
import { frameBehind, isPlaceholder, isTombstone, leaseEnd, minimumIn, revisionOf } from "../entry/placeholder.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Family } from "../write/family.ts";
import type { FoundFrame } from "./frame-reader.ts";
import type { Leases } from "./leases.ts";
import type { TierQuestion } from "./request.ts";

/** A frame that may hold a value, as it lies in a tier. */
export interface LyingFrame extends FoundFrame {
  /** Whether it lies behind a placeholder: it was found to be no longer fresh. */
  readonly isBehind: boolean;
}

/** Which tier, and its time minus the clock's. */
interface Where {
  readonly tier: RemoteLink;
  readonly shiftMs: Ms;
}

/** Looks at what lies in a tier. What holds no value is noted with the flight that came upon it. */
export class TierFrames<V> {
  readonly #family: Family<V>;
  readonly #leases: Leases<V> | undefined;

  /** @param leases - Knows the leases that are this process's own; `undefined` for reads that take none. */
  constructor(family: Family<V>, leases: Leases<V> | undefined) {
    this.#family = family;
    this.#leases = leases;
  }

  /**
   * What lies under a key, or behind a placeholder there: `undefined` where there is nothing, `no-value` for what is there and holds none.
   */
  at(
    frame: Uint8Array | "unreachable" | undefined,
    { key, flight }: TierQuestion<V>,
    where: Where,
  ): LyingFrame | "no-value" | "unreachable" | undefined {
    if (frame === undefined) return undefined;
    if (frame === "unreachable") {
      flight.tiers.missed();
      return frame;
    }
    const { tier, shiftMs } = where;
    if (isTombstone(frame)) {
      flight.tiers.bury();
      return "no-value";
    }
    const revision = revisionOf(frame);
    if (minimumIn(frame) !== undefined && revision !== undefined) {
      if (tier.isFenced) flight.tiers.permit(tier.name, { revision, isLease: false });
      return this.#noteMinimum(frame, flight, where);
    }
    if (!isPlaceholder(frame)) return { frame, key, shiftMs, isBehind: false };
    if (revision === undefined) return undefined;
    const behind = frameBehind(frame);
    const isOver = behind !== undefined && leaseEnd(frame) - shiftMs <= this.#family.stack.clock.now();
    // A load that insists does not wait for another one, whose value is then refused.
    if (this.#leases?.adopt(revision) === true) flight.tiers.permit(tier.name, { revision, isLease: true });
    else if (flight.skipsTiers || isOver) flight.tiers.permit(tier.name, { revision, isLease: false });
    else flight.tiers.foreignLease ??= { tier: tier.name, revision };
    if (behind === undefined) return "no-value";
    return this.#noteMinimum(behind, flight, where) ?? { frame: behind, key, shiftMs, isBehind: true };
  }

  /** What is loaded must be of a version, and whoever loads in vain leaves that there for the next one. */
  #noteMinimum(
    frame: Uint8Array,
    { tiers }: TierQuestion<V>["flight"],
    { tier, shiftMs }: Where,
  ): "no-value" | undefined {
    const minimum = minimumIn(frame);
    if (minimum === undefined) return undefined;
    tiers.raise(minimum.version);
    const right = tiers.rightTo(tier.name);
    if (right !== undefined)
      tiers.permit(tier.name, { ...right, kept: { frame, expiresAt: minimum.expiresAt - shiftMs } });
    return "no-value";
  }
}
