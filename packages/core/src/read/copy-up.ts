import type { Family } from "../write/family.ts";
import type { FoundEntry } from "./frame-reader.ts";
import type { TierQuestion } from "./request.ts";

/** An entry that answers, and how many remote tiers lie above the one that has it. */
export interface DeepFind<V> extends FoundEntry<V> {
  readonly depth: number;
}

/** Copies what was found in one tier into every tier above it. */
export class CopyUp<V> {
  readonly #family: Family<V>;

  constructor(family: Family<V>) {
    this.#family = family;
  }

  /** The entry keeps its instants, so a copy lives no longer than what it was copied from. */
  copy({ flight, key }: TierQuestion<V>, { entry, tokens: { generation }, payload, depth }: DeepFind<V>): void {
    const { stack, codec, localName, tierWrite, name: namespace } = this.#family;
    if (flight.superseded) {
      this.#family.observe({ type: "superseded", namespace });
      return;
    }
    // A tier that was not asked may hold a newer one.
    const takes = (tier: string): boolean => flight.tiers.mayRead(tier) && flight.tiers.mayFill(tier);
    if (stack.local !== undefined && takes(localName)) {
      this.#family.keepLocally(flight.id, entry, flight.epoch);
      this.#family.outcomes.backFilled(localName);
    }
    if (depth === 0) return;
    // A right that was taken away may have been given back by a loss, and what was found may have been invalidated meanwhile.
    const isLost = stack.tags.hasLostSince(flight.startedAt);
    const above = stack.remotes
      .slice(0, depth)
      .filter(({ name, losses }) => takes(name) && !isLost && !losses.since(flight.startedAt));
    if (above.length === 0) return;
    for (const { name } of above) this.#family.outcomes.backFilled(name);
    try {
      void tierWrite.supply({ key, entry, generation }, payload ?? codec.payloadOf(entry.value, key, entry), {
        tiers: above,
        rightAt: (tier) => flight.tiers.take(tier),
        lost: () => {},
        announce: this.#family.announcementOf("filled", [flight.id]),
      });
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }
}
