import type { Removal } from "./removal.ts";

/** After an outage there may be thousands, and a trip for each by itself would keep the tier from being read for long. */
const AT_A_TIME = 64;

/**
 * The removals that a tier could not be told of: kept until it has been, and before it is read again. One leaves only when
 * it has itself been done; that another one of the same key was done in between says nothing of it, as a load may have
 * begun before and ended after that one.
 */
export class Outbox {
  readonly #pending = new Set<Removal>();
  #keys = 0;
  #flushing: Promise<boolean> | undefined;

  /** The number of keys whose removal is still to be done. */
  get size(): number {
    return this.#keys;
  }

  /** Keeps removals until they are done. */
  add(removals: readonly Removal[]): void {
    for (const removal of removals) {
      if (this.#pending.has(removal)) continue;
      this.#pending.add(removal);
      this.#keys += removal.keys.length;
    }
  }

  /** The namespaces of the keys that something else could be done for. */
  get namespaces(): readonly string[] {
    return namespacesOf(this.#pending);
  }

  /** Forgets what belongs to namespaces, as all of these are taken for gone. */
  drop(namespaces: readonly string[]): void {
    for (const removal of this.#pending) {
      if (removal.namespace !== undefined && namespaces.includes(removal.namespace)) this.#leave(removal);
    }
  }

  /**
   * Does all that is pending by now, oldest first and some at a time, and stops where one cannot be done. Calls at the same time
   * share one attempt.
   *
   * @param attempt - Does one removal; must not reject.
   * @returns Whether all of it was done.
   */
  flush(attempt: (removal: Removal) => Promise<boolean>): Promise<boolean> {
    this.#flushing ??= this.#flushed(attempt).finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #flushed(attempt: (removal: Removal) => Promise<boolean>): Promise<boolean> {
    // What comes meanwhile is for the next time: a flood of it must not keep this one from ending.
    const due = [...this.#pending];
    for (let from = 0; from < due.length; from += AT_A_TIME) {
      const done = await Promise.all(due.slice(from, from + AT_A_TIME).map((removal) => this.#done(removal, attempt)));
      if (!done.every(Boolean)) return false;
    }
    return true;
  }

  async #done(removal: Removal, attempt: (removal: Removal) => Promise<boolean>): Promise<boolean> {
    const done = await attempt(removal);
    if (done) this.#leave(removal);
    return done;
  }

  #leave(removal: Removal): void {
    if (this.#pending.delete(removal)) this.#keys -= removal.keys.length;
  }
}

/** The namespaces that removals belong to, each once. */
export function namespacesOf(removals: Iterable<Removal>): readonly string[] {
  const names = [...removals].map(({ namespace }) => namespace).filter((name) => name !== undefined);
  return [...new Set(names)];
}
