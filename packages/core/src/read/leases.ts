import type { Ms } from "../contracts/clock.ts";
import { seconds } from "../durations.ts";
import { newPlaceholder, revisionOf } from "../entry/placeholder.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Family } from "../write/family.ts";
import type { TierQuestion } from "./request.ts";

/** How much longer than its load a lease is held at least, for what comes before and after that. */
const LEASE_MARGIN_MS: Ms = seconds(1);

/** A holder that has died is waited for no longer than this; a load that takes longer is not kept in fenced tiers. */
const LONGEST_LEASE_MS: Ms = seconds(30);

/** More than a few are left only where a tier is away for long, and then they have run out when it is back. */
const MAX_ORPHANS = 10_000;

/** Takes leases of keys that fenced tiers do not have, and gives up those that nothing came of. */
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
   * Takes a lease of each key. A tier that cannot be asked gives none.
   *
   * @returns Those that somebody else was quicker with.
   */
  async take(tier: RemoteLink, questions: readonly TierQuestion<V>[]): Promise<readonly TierQuestion<V>[]> {
    if (questions.length === 0) return questions;
    const leases = questions.map(({ key }) => ({ key, placeholder: newPlaceholder() }));
    const revisions = leases.map(({ placeholder }) => revisionOf(placeholder) ?? placeholder);
    const taken = await tier.acquire(leases, this.leaseMs);
    if (taken === undefined) {
      // It may have been done all the same, and only its answer been lost.
      for (const revision of revisions) this.orphaned(revision);
      return [];
    }
    return questions.filter(({ flight }, index) => {
      const revision = revisions[index];
      if (taken[index] !== true || revision === undefined) return true;
      flight.tiers.permit(tier.name, { revision, isLease: true });
      return false;
    });
  }

  /** Gives up what leases are left, so that nobody waits for what is not going to come. */
  giveUp({ key, flight }: TierQuestion<V>): void {
    for (const [name, revision] of flight.tiers.unusedLeases) {
      flight.tiers.take(name);
      const tier = this.#family.stack.remotes.find((each) => each.name === name);
      void tier?.release(key, revision, this.#family.announcementOf("filled", [flight.id])).then((released) => {
        if (!released) this.orphaned(revision);
      });
    }
  }
}

function textOf(revision: Uint8Array): string {
  return Buffer.from(revision.buffer, revision.byteOffset, revision.byteLength).toString("latin1");
}
