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

  /**
   * @param windowMs - For how long a removal is remembered.
   * @param maxKeys - The most keys remembered; beyond it the oldest are forgotten.
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
    this.#forget(now);
  }

  /** What is to be done again, oldest first. */
  since(now: Ms): readonly Removal[] {
    this.#forget(now);
    return this.#noted.map(({ removal }) => removal);
  }

  #forget(now: Ms): void {
    let kept = 0;
    for (const { removal, at } of this.#noted) {
      if (now - at <= this.#windowMs && this.#keys <= this.#maxKeys) break;
      this.#keys -= removal.keys.length;
      kept++;
    }
    // Not one by one: taking from the front of a list moves all the rest.
    if (kept > 0 && (kept > 64 || kept === this.#noted.length)) this.#noted = this.#noted.slice(kept);
    else if (kept > 0) this.#noted.splice(0, kept);
  }
}
