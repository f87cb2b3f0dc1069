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

  /** The frame that lies under a key, or behind a placeholder there; `undefined` where there is nothing. */
  lying(
    frame: Uint8Array | "unreachable" | undefined,
    { key, flight }: TierQuestion<V>,
    where: Where,
  ): LyingFrame | "no-value" | "unreachable" | undefined {
    const { tier, shiftMs } = where;
    if (frame === undefined) return undefined;
    if (frame === "unreachable") {
      flight.tiers.missed();
      return frame;
    }
    if (isTombstone(frame)) {
      flight.tiers.bury();
      return "no-value";
    }
    if (minimumIn(frame) !== undefined) {
      const revision = tier.isFenced ? revisionOf(frame) : undefined;
      if (revision !== undefined) flight.tiers.permit(tier.name, { revision, isLease: false });
      return this.#noteMinimum(frame, flight, where);
    }
    if (!isPlaceholder(frame)) return { frame, key, shiftMs, isBehind: false };
    const behind = frameBehind(frame);
    this.#noteLease(frame, flight, { ...where, isOver: behind !== undefined && this.#hasEnded(frame, shiftMs) });
    if (behind === undefined) return "no-value";
    return this.#noteMinimum(behind, flight, where) ?? { frame: behind, key, shiftMs, isBehind: true };
  }

  /** Whether the lease of a placeholder has run out, though it lies there for the sake of what is behind it. */
  #hasEnded(placeholder: Uint8Array, shiftMs: Ms): boolean {
    return leaseEnd(placeholder) - shiftMs <= this.#family.stack.clock.now();
  }

  #noteLease(
    placeholder: Uint8Array,
    { tiers, skipsTiers }: TierQuestion<V>["flight"],
    { tier, isOver }: Where & { readonly isOver: boolean },
  ): void {
    const revision = revisionOf(placeholder);
    if (revision === undefined) return;
    // A load that insists does not wait for another one, whose value is then refused.
    if (this.#leases?.adopt(revision) === true) tiers.permit(tier.name, { revision, isLease: true });
    else if (skipsTiers || isOver) tiers.permit(tier.name, { revision, isLease: false });
    else tiers.foreignLease ??= { tier: tier.name, revision };
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
    const expiresAt = minimum.expiresAt - shiftMs;
    if (right !== undefined) tiers.permit(tier.name, { ...right, kept: { frame, expiresAt } });
    return "no-value";
  }
}
