import type { Ms } from "../contracts/clock.ts";
import type { BatchLoader, Loader } from "../contracts/loader.ts";
import { newEntry } from "../entry/freshness.ts";
import type { EntryRules } from "../entry/rules.ts";
import type { Family } from "../write/family.ts";
import type { Answer } from "../write/flight.ts";
import { oneEach } from "./batch-result.ts";
import { loadingFor, waitsForNothing } from "./load-chain.ts";
import { type LoaderCall, LoaderRun } from "./loader-run.ts";
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
  async load(request: ReadRequest<K, V>, load: Loader<K, V>): Promise<Answer<V>> {
    const value = await this.#runs.run({
      keys: 1,
      run: (context) => loadingFor([request.flight], () => load(...request.args, context)),
      keep: (loaded, loadMs, rules) => this.#keep(request, loaded, { loadMs, rules }),
      ...this.#reach([request]),
    });
    return this.#answerOf(value);
  }

  /**
   * Loads the values of many keys with one call, in the order of the requests.
   *
   * @throws What the loader throws, as it is; `LOAD_TIMEOUT`; `INVALID_BATCH` when it returned no list of one value a key.
   */
  async loadMany(requests: readonly ReadRequest<K, V>[], loadMany: BatchLoader<K, V>): Promise<readonly Answer<V>[]> {
    const loaded = await this.#runs.run({
      keys: requests.length,
      run: async (context) => {
        const keys = requests.map(({ args }) => args);
        const flights = requests.map(({ flight }) => flight);
        return Promise.all(
          oneEach(this.#family.name, requests.length, await loadingFor(flights, () => loadMany(keys, context))),
        );
      },
      keep: (values, loadMs, rules) => {
        for (const [index, request] of requests.entries()) this.#keep(request, values[index] as V, { loadMs, rules });
      },
      ...this.#reach(requests),
    });
    return loaded.map((value) => this.#answerOf(value));
  }

  #answerOf(value: V): Answer<V> {
    return { value, origin: { source: "loader", createdAt: this.#family.stack.clock.now(), stale: undefined } };
  }

  /**
   * Encodes at once, before the value is handed to anyone who could change it, but does not wait for the remote tiers:
   * the reader has his value.
   */
  #keep(
    { flight, key }: ReadRequest<K, V>,
    value: V,
    { loadMs, rules }: { readonly loadMs: Ms; readonly rules: EntryRules },
  ): void {
    const { stack, lookups, local, loads, tierWrite, name: namespace } = this.#family;
    if (flight.superseded) {
      this.#family.observe({ type: "superseded", namespace });
      return;
    }
    if (!stack.lifetime.isOpen) return;
    loads.supersedeLate(flight.id);
    // A lookup that is still on its way may bring what the tiers had before.
    lookups.supersede(flight.id);
    const entry = newEntry(value, { now: stack.clock.now(), loadMs }, rules);
    if (entry === undefined) {
      this.#family.observe({ type: "not-kept", namespace });
      // Nor must what it was to replace go on answering.
      local.delete(flight.id);
      if (flight.stale !== undefined) void tierWrite.remove([key]);
      return;
    }
    this.#family.keepLocally(flight.id, entry);
    if (!tierWrite.needed) return;
    try {
      void tierWrite.write({ key, entry }, stack.codec.payloadOf(value, key));
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }

  /** How a loader and the flights it loads for reach each other. */
  #reach(requests: readonly ReadRequest<K, V>[]): Pick<LoaderCall<unknown>, "began" | "late" | "ended"> {
    const { loads } = this.#family;
    return {
      began: (context) => {
        let waitedFor = requests.length;
        for (const { flight } of requests) {
          flight.onAbandoned((reason) => {
            waitedFor--;
            if (waitedFor === 0) context.abandon(reason);
          });
        }
      },
      late: () => {
        for (const { flight } of requests) loads.becomeLate(flight);
      },
      ended: () => {
        for (const { flight } of requests) {
          loads.landed(flight);
          waitsForNothing(flight);
        }
      },
    };
  }
}
