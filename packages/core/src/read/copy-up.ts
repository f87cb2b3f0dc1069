import type { Ms } from "../contracts/clock.ts";
import type { Family } from "../write/family.ts";
import type { FoundEntry } from "./frame-reader.ts";
import type { TierQuestion } from "./request.ts";

/** How many remote tiers lie above the one in which something was found, and when. */
export interface CopyFrom {
  readonly depth: number;
  readonly now: Ms;
}

/** Copies what was found in one tier into every tier above it. */
export class CopyUp<V> {
  readonly #family: Family<V>;

  constructor(family: Family<V>) {
    this.#family = family;
  }

  /** The entry keeps its instants, so a copy lives no longer than what it was copied from. */
  copy(question: TierQuestion<V>, found: FoundEntry<V>, { depth, now }: CopyFrom): void {
    const { stack, localName, name: namespace } = this.#family;
    const { flight } = question;
    if (flight.superseded) {
      this.#family.observe({ type: "superseded", namespace });
      return;
    }
    if (stack.local !== undefined && takes(flight, localName)) {
      this.#family.keepLocally(flight, found.entry, now);
      this.#family.outcomes.backFilled(localName);
    }
    if (depth > 0) this.#copyToRemotes(question, found, depth);
  }

  #copyToRemotes(
    { flight, key }: TierQuestion<V>,
    { entry, tokens: { generation }, payload }: FoundEntry<V>,
    depth: number,
  ): void {
    const { stack, codec, tierWrite, name: namespace } = this.#family;
    // A right that was taken away may have been given back by a loss, and what was found may have been invalidated meanwhile.
    const isLost = stack.tags.hasLostSince(flight.startedAt);
    const above = stack.remotes
      .slice(0, depth)
      .filter(({ name, losses }) => takes(flight, name) && !isLost && !losses.since(flight.startedAt));
    if (above.length === 0) return;
    for (const { name } of above) this.#family.outcomes.backFilled(name);
    try {
      void tierWrite.supply({ key, entry, generation }, payload ?? codec.payloadOf(entry.value, key, entry), {
        tiers: above,
        rights: flight.tiers,
        lost: () => {},
        announce: this.#family.announcementOf("filled", [flight.id]),
      });
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }
}

/** Whether a tier is to have a copy: one that was not asked may hold a newer one. */
function takes({ tiers }: TierQuestion<unknown>["flight"], tier: string): boolean {
  return tiers.mayRead(tier) && tiers.mayFill(tier);
}
