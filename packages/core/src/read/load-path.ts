import type { Ms } from "../contracts/clock.ts";
import type { BatchLoader, Loader } from "../contracts/loader.ts";
import { newEntry } from "../entry/freshness.ts";
import { CacheError } from "../errors.ts";
import type { Family } from "../write/family.ts";
import { LoaderRun } from "./loader-run.ts";
import type { ReadRequest } from "./request.ts";

/** Gets new values from the loader and leaves them in every tier. */
export class LoadPath<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #runs: LoaderRun<V>;

  constructor(family: Family<V>) {
    this.#family = family;
    this.#runs = new LoaderRun(family);
  }

  /**
   * Loads the value of one key.
   *
   * @throws What the loader throws, as it is; `LOAD_TIMEOUT`.
   */
  load(request: ReadRequest<K, V>, load: Loader<K, V>): Promise<V> {
    return this.#runs.run({
      keys: 1,
      run: (context) => load(...request.args, context),
      keep: (value, loadMs) => this.#keep(request, value, loadMs),
      ...this.#lateness([request]),
    });
  }

  /**
   * Loads the values of many keys with one call, in the order of the requests.
   *
   * @throws What the loader throws, as it is; `LOAD_TIMEOUT`; `INVALID_BATCH` when it returned no list of one value a key.
   */
  loadMany(requests: readonly ReadRequest<K, V>[], loadMany: BatchLoader<K, V>): Promise<readonly V[]> {
    return this.#runs.run({
      keys: requests.length,
      run: async (context) => {
        const keys = requests.map(({ args }) => args);
        const values: unknown = await loadMany(keys, context);
        if (Array.isArray(values) && values.length === requests.length) return values as readonly V[];
        throw this.#notOneEach(requests.length, values);
      },
      keep: (values, loadMs) => {
        for (const [index, request] of requests.entries()) this.#keep(request, values[index] as V, loadMs);
      },
      ...this.#lateness(requests),
    });
  }

  /**
   * Encodes at once, before the value is handed to anyone who could change it, but does not wait for the remote tiers:
   * the reader has his value.
   */
  #keep({ flight, key }: ReadRequest<K, V>, value: V, loadMs: Ms): void {
    const { stack, rules, loads, tierWrite, name: namespace } = this.#family;
    if (flight.superseded) {
      this.#family.observe({ type: "superseded", namespace });
      return;
    }
    loads.supersedeLate(flight.id);
    const entry = newEntry(value, { now: stack.clock.now(), loadMs }, rules);
    if (entry === undefined) {
      this.#family.observe({ type: "not-kept", namespace });
      return;
    }
    this.#family.keepLocally(flight.id, entry);
    if (!tierWrite.needed) return;
    try {
      void tierWrite.write({ key, entry }, stack.codec.payloadOf(value));
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }

  #lateness(requests: readonly ReadRequest<K, V>[]): { readonly late: () => void; readonly ended: () => void } {
    const { loads } = this.#family;
    return {
      late: () => {
        for (const { flight } of requests) loads.becomeLate(flight);
      },
      ended: () => {
        for (const { flight } of requests) loads.landed(flight);
      },
    };
  }

  #notOneEach(expected: number, given: unknown): CacheError {
    const shown = Array.isArray(given) ? `${given.length} values` : "no list";
    return new CacheError(
      "INVALID_BATCH",
      `loadMany of namespace "${this.#family.name}" returned ${shown} for ${expected} keys; allowed is a list of one value a key, in order.`,
    );
  }
}
