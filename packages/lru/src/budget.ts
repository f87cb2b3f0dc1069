/** What takes a share of a {@link Budget}. */
export interface BudgetShare {
  readonly size: number;
  readonly taken: number;
  evict(): number;
}

/**
 * One limit for many spaces. Whoever holds most gives way when it is exceeded, so a space at or below its equal share
 * never does; and as long as it is not exceeded, one space may take all of it.
 */
export class Budget {
  readonly limit: number;
  readonly #shares: BudgetShare[] = [];
  #taken = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** How much all spaces take together: at most the limit, between any two calls. */
  get taken(): number {
    return this.#taken;
  }

  join(share: BudgetShare): void {
    this.#shares.push(share);
  }

  /** Counts what a space has taken more (or less) by an entry it has just set, and makes room for it. */
  take(share: BudgetShare, difference: number): void {
    this.#taken += difference;
    while (this.#taken > this.limit) this.#taken -= this.#giver(share).evict();
  }

  /** Counts what a space has given back. */
  give(returned: number): void {
    this.#taken -= returned;
  }

  /**
   * The space to evict from. If the one that was just written holds most, but nothing besides the new entry, the next
   * largest gives way in its place, unless that would take from another's equal share.
   */
  #giver(writer: BudgetShare): BudgetShare {
    const largest = this.#largest();
    if (largest !== writer || writer.size > 1) return largest;
    const next = this.#largest(writer);
    return next.taken * this.#shares.length > this.limit ? next : writer;
  }

  #largest(except?: BudgetShare): BudgetShare {
    let largest: BudgetShare | undefined;
    for (const share of this.#shares) {
      if (share !== except && (largest === undefined || share.taken > largest.taken)) largest = share;
    }
    // More than the limit is taken, and no single space can do that: there is another one.
    return largest as BudgetShare;
  }
}
