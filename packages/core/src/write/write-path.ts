import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { LocalSpace } from "../contracts/tier.ts";
import { newEntry } from "../entry/freshness.ts";
import { rulesOf } from "../entry/rules.ts";
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

/** Rules for one entry, in place of its namespace's. */
export interface WriteOptions {
  /** How long the value is fresh, in ms; above 0, `Infinity` for ever. @defaultValue the namespace's `ttlMs` */
  readonly ttlMs?: Ms;
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
  async set(id: string, value: V, options: WriteOptions | undefined): Promise<WriteResult> {
    const { stack, rules, tierWrite } = this.#family;
    const key = this.#family.remoteKey(id);
    const own = options === undefined ? rules : rulesOf(`The options of ${this.#family.name}.set`, options, rules);
    const entry = newEntry(value, { now: stack.clock.now(), loadMs: 0 }, own);
    // A value that is not to be kept must not leave an older one in its place.
    if (entry === undefined) return this.remove(id);
    const payload = tierWrite.needed ? this.#payloadOf(value) : undefined;
    this.#family.supersede(id);
    this.#family.keepLocally(id, entry);
    if (payload === undefined) return DONE;
    return (await tierWrite.write({ key, entry }, payload)) ? DONE : FAILED;
  }

  /**
   * Prolongs the life of a sliding entry from now on, for this process and the others.
   *
   * @param entry - A fresh entry of the local tier.
   */
  renew(id: string, entry: Entry<V>): void {
    const { stack, rules, tierWrite, name: namespace } = this.#family;
    const renewed = newEntry(entry.value, { now: stack.clock.now(), loadMs: entry.loadMs }, rules);
    if (renewed === undefined) return;
    this.#family.keepLocally(id, renewed);
    this.#family.observe({ type: "renewed", namespace });
    if (!tierWrite.needed) return;
    void tierWrite.write({ key: this.#family.remoteKey(id), entry: renewed }, stack.codec.payloadOf(entry.value));
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
