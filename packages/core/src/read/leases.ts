import type { Ms } from "../contracts/clock.ts";
import type { Lease } from "../contracts/fence.ts";
import { seconds } from "../durations.ts";
import { newPlaceholder, revisionOf } from "../entry/placeholder.ts";
import type { Taken } from "../remote/lease-fold.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Family } from "../write/family.ts";
import type { Right } from "../write/sightings.ts";
import type { TierQuestion } from "./request.ts";

/** How much longer than its load a lease is held at least, for what comes before and after that. */
const LEASE_MARGIN_MS: Ms = seconds(1);

/** A holder that has died is waited for no longer than this; a load that takes longer is not kept in fenced tiers. */
const LONGEST_LEASE_MS: Ms = seconds(30);

/** More than a few are left only where a tier is away for long, and then they have run out when it is back. */
const MAX_ORPHANS = 10_000;

/** Leases that a tier is being asked for, and the rights over which they are to be taken. */
export interface LeaseBid<V> {
  readonly tier: RemoteLink;
  readonly questions: readonly TierQuestion<V>[];
  readonly overs: readonly (Right | undefined)[];
  readonly revisions: readonly Uint8Array[];
  readonly taken: Promise<Taken>;
}

/** Takes leases of keys of which fenced tiers have nothing, or nothing good, and gives up those that nothing came of. */
export class Leases<V> {
  readonly #family: Family<V>;

  /** The leases of this process that nobody is behind any longer, as far as it knows: a call about them has failed. */
  readonly #orphans = new Set<string>();

  constructor(family: Family<V>) {
    this.#family = family;
  }

  /** A lease of this process lies there that no load belongs to any longer: whoever comes upon it may take it over. */
  orphaned(revision: Uint8Array): void {
    if (this.#orphans.size >= MAX_ORPHANS) this.#orphans.clear();
    this.#orphans.add(textOf(revision));
  }

  /** Takes over what {@link orphaned} left behind. Returns whether it was that. */
  adopt(revision: Uint8Array): boolean {
    return this.#orphans.delete(textOf(revision));
  }

  /** How long a lease lasts. */
  get leaseMs(): Ms {
    return Math.min(this.#family.rules.hardTimeoutMs + LEASE_MARGIN_MS, LONGEST_LEASE_MS);
  }

  /**
   * Takes a lease of each key, also over a frame that its flight has the right to replace. A tier that cannot be asked gives none.
   *
   * @returns Those that somebody else was quicker with.
   */
  async take(tier: RemoteLink, questions: readonly TierQuestion<V>[]): Promise<readonly TierQuestion<V>[]> {
    if (questions.length === 0) return questions;
    const bid = this.bid(tier, questions);
    return this.taken(bid, await bid.taken);
  }

  /** Asks for leases. What they are answered with is to be told by {@link taken}. */
  bid(tier: RemoteLink, questions: readonly TierQuestion<V>[]): LeaseBid<V> {
    const overs = questions.map(({ flight }) => flight.tiers.rightTo(tier.name));
    const leases = questions.map(({ key }, index) => this.#lease(tier, key, overs[index]));
    const revisions = leases.map(({ placeholder }) => revisionOf(placeholder) ?? placeholder);
    return { tier, questions, overs, revisions, taken: tier.acquire(leases, this.leaseMs) };
  }

  /** Gives flights the leases that were taken for them. Returns those that somebody else was quicker with. */
  taken({ tier, questions, overs, revisions }: LeaseBid<V>, taken: Taken): readonly TierQuestion<V>[] {
    if (taken === undefined) {
      // It may have been done all the same, and only its answer been lost.
      for (const revision of revisions) this.orphaned(revision);
      return [];
    }
    return questions.filter(({ flight }, index) => {
      const revision = revisions[index];
      if (taken[index] !== true || revision === undefined) return true;
      flight.tiers.leased(tier.name, { revision, isLease: true, kept: overs[index]?.kept });
      return false;
    });
  }

  #lease(tier: RemoteLink, key: string, over: Right | undefined): Lease {
    if (over === undefined) return { key, placeholder: newPlaceholder() };
    const shiftMs = tier.shiftMs();
    // Without the time nobody could say when the lease has ended.
    if (over.kept === undefined || shiftMs === undefined)
      return { key, placeholder: newPlaceholder(), over: over.revision };
    const until = this.#family.stack.clock.now() + shiftMs + this.leaseMs;
    return { key, placeholder: newPlaceholder(until), over: over.revision, keeps: true };
  }

  /** Gives up what leases are left, so that nobody waits for what is not going to come. */
  giveUp({ key, flight }: TierQuestion<V>): void {
    if (!flight.tiers.hasRights) return;
    for (const [name, right] of flight.tiers.unusedLeases) {
      flight.tiers.take(name);
      const tier = this.#family.stack.remotes.find((each) => each.name === name);
      const announce = this.#family.announcementOf("filled", [flight.id]);
      if (tier === undefined) continue;
      void this.#released(tier, key, { right, announce }).then((released) => {
        if (!released) this.orphaned(right.revision);
      });
    }
  }

  /** Resolves to whether the tier was told. What the lease was taken over is put back, while it may still answer for want of a better one. */
  async #released(
    tier: RemoteLink,
    key: string,
    { right: { revision, kept }, announce }: { readonly right: Right; readonly announce: string | undefined },
  ): Promise<boolean> {
    const lifeMs = (): Ms => (kept === undefined ? 0 : kept.expiresAt - this.#family.stack.clock.now());
    if (kept === undefined || lifeMs() <= 0) return tier.release(key, revision, announce);
    return (await tier.commit({ key, remainingMs: lifeMs, bytes: () => kept.frame }, revision, announce)) !== "failed";
  }
}

function textOf(revision: Uint8Array): string {
  return Buffer.from(revision.buffer, revision.byteOffset, revision.byteLength).toString("latin1");
}
