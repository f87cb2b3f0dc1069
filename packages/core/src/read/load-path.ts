import type { BatchLoader, Loader } from "../contracts/loader.ts";
import { newEntry } from "../entry/freshness.ts";
import { CacheError } from "../errors.ts";
import type { Family } from "../write/family.ts";
import type { ReadRequest } from "./request.ts";

/** Gets new values from the loader and leaves them in every tier. */
export class LoadPath<K extends readonly unknown[], V> {
  readonly #family: Family<V>;

  constructor(family: Family<V>) {
    this.#family = family;
  }

  /**
   * Loads the value of one key.
   *
   * @throws What the loader throws, as it is.
   */
  load(request: ReadRequest<K, V>, load: Loader<K, V>): Promise<V> {
    return this.#timed(1, async () => {
      const value = await load(...request.args, this.#family.stack.lifetime.loaderContext);
      this.#keep(request, value);
      return value;
    });
  }

  /**
   * Loads the values of many keys with one call, in the order of the requests.
   *
   * @throws What the loader throws, as it is; `INVALID_BATCH` when it returned no list of one value a key.
   */
  loadMany(requests: readonly ReadRequest<K, V>[], loadMany: BatchLoader<K, V>): Promise<readonly V[]> {
    return this.#timed(requests.length, async () => {
      const keys = requests.map(({ args }) => args);
      const values: unknown = await loadMany(keys, this.#family.stack.lifetime.loaderContext);
      if (!Array.isArray(values) || values.length !== requests.length) throw this.#notOneEach(requests.length, values);
      for (const [index, request] of requests.entries()) this.#keep(request, values[index] as V);
      return values as readonly V[];
    });
  }

  async #timed<T>(keys: number, load: () => Promise<T>): Promise<T> {
    const { clock, lifetime } = this.#family.stack;
    const namespace = this.#family.name;
    // A cache may be closed while its tiers are asked; a loader that begins then would never hear of it.
    lifetime.assertOpen();
    const startedAt = clock.now();
    try {
      const loaded = await load();
      this.#family.observe({ type: "loaded", namespace, keys, durationMs: clock.now() - startedAt });
      return loaded;
    } catch (error) {
      this.#family.observe({ type: "load-failed", namespace, keys, durationMs: clock.now() - startedAt });
      throw error;
    }
  }

  /**
   * Encodes at once, before the value is handed to anyone who could change it, but does not wait for the remote tiers:
   * the reader has his value.
   */
  #keep({ flight, key }: ReadRequest<K, V>, value: V): void {
    const { stack, rules, local, tierWrite, name: namespace } = this.#family;
    if (flight.superseded) {
      this.#family.observe({ type: "superseded", namespace });
      return;
    }
    const entry = newEntry(value, stack.clock.now(), rules);
    local.set(flight.id, entry);
    if (!tierWrite.needed) return;
    try {
      void tierWrite.write({ key, entry }, stack.codec.payloadOf(value));
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }

  #notOneEach(expected: number, given: unknown): CacheError {
    const shown = Array.isArray(given) ? `${given.length} values` : "no list";
    return new CacheError(
      "INVALID_BATCH",
      `loadMany of namespace "${this.#family.name}" returned ${shown} for ${expected} keys; allowed is a list of one value a key, in order.`,
    );
  }
}
