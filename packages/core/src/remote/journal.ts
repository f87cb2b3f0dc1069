import type { Ms } from "../contracts/clock.ts";
import type { Removal } from "./removal.ts";

interface Noted {
  readonly removal: Removal;
  readonly at: Ms;
}

/**
 * The removals that a tier has acknowledged in the last while: a server that comes back with older data, or a replica that
 * takes over, may have forgotten them.
 */
export class Journal {
  readonly #windowMs: Ms;
  readonly #maxKeys: number;
  #noted: Noted[] = [];
  #keys = 0;
  /** The namespaces of what did not find room, and when that was last done. */
  readonly #crowdedOut = new Map<string, Ms>();

  /**
   * @param windowMs - For how long a removal is remembered.
   * @param maxKeys - The most keys remembered; of those beyond it, the oldest ones, it is remembered what they belonged to.
   */
  constructor(windowMs: Ms, maxKeys: number) {
    this.#windowMs = windowMs;
    this.#maxKeys = maxKeys;
  }

  /** The number of keys remembered. */
  get size(): number {
    return this.#keys;
  }

  note(removal: Removal, now: Ms): void {
    this.#noted.push({ removal, at: now });
    this.#keys += removal.keys.length;
    this.forget(now);
  }

  /** Remembers of a namespace no more than that keys of it were removed. */
  crowdOut(namespace: string, now: Ms): void {
    this.#crowdedOut.set(namespace, now);
  }

  /** What is to be done again, oldest first. */
  since(now: Ms): readonly Removal[] {
    this.forget(now);
    return this.#noted.map(({ removal }) => removal);
  }

  /** The namespaces of which it does not remember every key. */
  crowdedOutSince(now: Ms): readonly string[] {
    this.forget(now);
    return [...this.#crowdedOut.keys()];
  }

  /** Lets go of what is out of its time. */
  forget(now: Ms): void {
    for (const [namespace, at] of this.#crowdedOut) if (now - at > this.#windowMs) this.#crowdedOut.delete(namespace);
    let kept = 0;
    for (const { removal, at } of this.#noted) {
      const isOver = now - at > this.#windowMs;
      if (!isOver && this.#keys <= this.#maxKeys) break;
      if (!isOver && removal.namespace !== undefined) this.#crowdedOut.set(removal.namespace, at);
      this.#keys -= removal.keys.length;
      kept++;
    }
    // Not one by one: taking from the front of a list moves all the rest.
    if (kept > 0 && (kept > 64 || kept === this.#noted.length)) this.#noted = this.#noted.slice(kept);
    else if (kept > 0) this.#noted.splice(0, kept);
  }
}
