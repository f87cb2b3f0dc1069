/** What a read was answered with. */
export type ReadOutcome = "hit" | "negative" | "stale" | "miss" | "bypass" | "error";

/** The reads of one namespace with one outcome, and the tier that answered, if one did. */
export interface ReadCount {
  readonly namespace: string;
  readonly outcome: ReadOutcome;
  readonly tier: string | undefined;
  reads: number;
}

/**
 * Counts reads in plain numbers, which are looked at when metrics are collected: a hit costs two lookups. There are as many
 * counts as namespaces, outcomes and tiers, however many keys there are.
 */
export class ReadCounts {
  /** By namespace, then by outcome and tier. */
  readonly #counts = new Map<string, Map<string, ReadCount>>();

  count(namespace: string, outcome: ReadOutcome, tier?: string): void {
    let ofNamespace = this.#counts.get(namespace);
    if (ofNamespace === undefined) {
      ofNamespace = new Map();
      this.#counts.set(namespace, ofNamespace);
    }
    // The commonest outcome stands under the bare name of its tier, which is no string to be made.
    const place = outcome === "hit" && tier !== undefined ? tier : ` ${outcome} ${tier}`;
    const count = ofNamespace.get(place);
    if (count !== undefined) count.reads++;
    else ofNamespace.set(place, { namespace, outcome, tier, reads: 1 });
  }

  *[Symbol.iterator](): Iterator<ReadCount> {
    for (const ofNamespace of this.#counts.values()) yield* ofNamespace.values();
  }
}
