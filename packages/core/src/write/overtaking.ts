/**
 * The keys that were written to every tier while a removal was on its way from tier to tier: the tiers which that has not
 * reached yet hold what is newer.
 */
export class Overtaking {
  #removals = 0;
  #moment = 0;
  readonly #writtenAt = new Map<string, number>();

  /** A removal sets out. Returns the moment, for {@link remaining}; to be followed by {@link ended}. */
  began(): number {
    this.#removals++;
    return this.#moment;
  }

  /** A key is being written to every tier. */
  wrote(key: string): void {
    if (this.#removals > 0) this.#writtenAt.set(key, ++this.#moment);
  }

  /** Those of a removal's keys that have not been written since it set out. */
  remaining(keys: readonly string[], began: number): readonly string[] {
    if (this.#moment === began) return keys;
    return keys.filter((key) => (this.#writtenAt.get(key) ?? 0) <= began);
  }

  /** A removal has reached every tier. */
  ended(): void {
    this.#removals--;
    if (this.#removals === 0) this.#writtenAt.clear();
  }
}
