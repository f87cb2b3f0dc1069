/** What is to happen, at the earliest first; of two at the same time, what was planned first. A binary heap. */
export class Timeline {
  readonly #heap: { readonly atMs: number; readonly turn: number; readonly happen: () => void }[] = [];
  #turn = 0;
  nowMs = 0;

  /** Has something happen after so long. */
  after(delayMs: number, happen: () => void): void {
    const planned = { atMs: this.nowMs + delayMs, turn: this.#turn++, happen };
    let at = this.#heap.push(planned) - 1;
    for (let up = (at - 1) >> 1; at > 0 && this.#isBefore(at, up); at = up, up = (at - 1) >> 1) this.#swap(at, up);
  }

  /** Has everything happen that is due by then. */
  runUntil(untilMs: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= untilMs; next = this.#heap[0]) {
      this.#removeFirst();
      this.nowMs = next.atMs;
      next.happen();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = right < this.#heap.length && this.#isBefore(right, left) ? right : left;
      if (left >= this.#heap.length || !this.#isBefore(least, at)) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.turn < b.turn);
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
