import type { Entry } from "../contracts/entry.ts";
import type { LocalSpace } from "../contracts/tier.ts";
import { newEntry } from "../entry/freshness.ts";
import { type EntryOptions, rulesOf } from "../entry/rules.ts";
import { CacheError } from "../errors.ts";
import type { Family } from "./family.ts";

/**
 * How a write or an invalidation ended. The local tier has always followed; `status` speaks of the remote ones:
 *
 * - `done`: every remote tier has followed too.
 * - `failed`: at least one could not be told in time and may go on holding the old value to the end of its life. Which
 *   one and why is told to the observer.
 */
export interface WriteResult {
  readonly status: "done" | "failed";
}

const DONE: WriteResult = Object.freeze({ status: "done" });
const FAILED: WriteResult = Object.freeze({ status: "failed" });

/** Does what was explicitly asked of a key: puts a value there or takes it away. */
export class WritePath<V> {
  readonly #family: Family<V>;
  readonly #local: LocalSpace<V>;

  constructor(family: Family<V>) {
    this.#family = family;
    this.#local = family.local;
  }

  /**
   * Keeps a value in every tier, in place of what is there and of whatever a running load will bring.
   *
   * @throws {@link CacheError} `INVALID_VALUE` for a value the serializer refuses; nothing is kept then.
   */
  async set(id: string, value: V, options: EntryOptions | undefined): Promise<WriteResult> {
    const { stack, rules, tierWrite } = this.#family;
    const key = this.#family.remoteKey(id);
    const entry: Entry<V> = newEntry(value, stack.clock.now(), rulesOf(options, rules));
    const payload = tierWrite.needed ? this.#payloadOf(value) : undefined;
    this.#family.supersede(id);
    this.#local.set(id, entry);
    if (payload === undefined) return DONE;
    return (await tierWrite.write({ key, entry }, payload)) ? DONE : FAILED;
  }

  /** Takes a key out of every tier, and from every running load the right to bring it back. */
  async remove(id: string): Promise<WriteResult> {
    const { tierWrite } = this.#family;
    const key = this.#family.remoteKey(id);
    this.#drop(id);
    if (!tierWrite.needed) return DONE;
    const removed = await tierWrite.remove([key]);
    // Between the first drop and the remote removal another read may have fetched the old value from there.
    this.#drop(id);
    return removed ? DONE : FAILED;
  }

  #drop(id: string): void {
    this.#family.supersede(id);
    this.#local.delete(id);
  }

  #payloadOf(value: V): Uint8Array {
    try {
      return this.#family.stack.codec.payloadOf(value);
    } catch (cause) {
      const message = `A value for namespace "${this.#family.name}" cannot be encoded by the cache's serializer.`;
      throw new CacheError("INVALID_VALUE", message, { cause });
    }
  }
}
