import type { AnswerListener } from "../write/answer.ts";

/** The answers to the keys of a batch as they come in: one promise for all of them. */
export class BatchAnswers<V> implements AnswerListener<V> {
  /** By id. */
  readonly #places = new Map<string, number>();
  /** The places of the keys in their order, once one has come twice. */
  #order: number[] | undefined;
  readonly #values: V[] = [];
  /** What some have failed with, by place. */
  #failures: Map<number, unknown> | undefined;
  /** How many have not been answered. */
  #left = 0;
  #whenDone: (() => void) | undefined;
  #whenFailed: ((reason: unknown) => void) | undefined;

  /** The place of the next key; `undefined` for one that has a place already. */
  placeOf(id: string): number | undefined {
    const known = this.#places.get(id);
    const place = known ?? this.#places.size;
    if (known !== undefined) this.#order ??= Array.from(this.#values.keys());
    this.#order?.push(place);
    if (known !== undefined) return undefined;
    this.#places.set(id, place);
    this.#values.push(undefined as V);
    this.#left++;
    return place;
  }

  answered(place: number, value: V): void {
    this.#values[place] = value;
    this.#ended();
  }

  failed(place: number, reason: unknown): void {
    this.#failures ??= new Map();
    this.#failures.set(place, reason);
    this.#whenFailed?.(reason);
    this.#ended();
  }

  /** Takes over what a promise brings. */
  follow(place: number, answer: Promise<V>): void {
    const answered = (value: V): void => this.answered(place, value);
    const failed = (reason: unknown): void => this.failed(place, reason);
    answer.then(answered, failed);
  }

  /**
   * The values of the keys in their order.
   *
   * @throws (rejects) What the first of them fails with, as soon as it does.
   */
  all(): Promise<V[]> {
    return new Promise((resolve, reject) => {
      this.#whenFailed = reject;
      for (const reason of this.#failures?.values() ?? []) reject(reason);
      this.#onceDone(() => resolve(this.#inOrder((place) => this.#values[place] as V, this.#values)));
    });
  }

  /** How each of the keys has ended, in their order. */
  settled(): Promise<PromiseSettledResult<V>[]> {
    return new Promise((resolve) => {
      this.#onceDone(() => resolve(this.#inOrder((place) => this.#resultAt(place))));
    });
  }

  #resultAt(place: number): PromiseSettledResult<V> {
    if (this.#failures?.has(place) !== true) return { status: "fulfilled", value: this.#values[place] as V };
    return { status: "rejected", reason: this.#failures.get(place) };
  }

  /** @param whole - What it comes to where no key has come twice, if that is at hand. */
  #inOrder<R>(at: (place: number) => R, whole?: R[]): R[] {
    if (this.#order !== undefined) return this.#order.map(at);
    return whole ?? Array.from(this.#values.keys(), at);
  }

  #onceDone(done: () => void): void {
    if (this.#left === 0) done();
    else this.#whenDone = done;
  }

  #ended(): void {
    this.#left--;
    if (this.#left === 0) this.#whenDone?.();
  }
}
