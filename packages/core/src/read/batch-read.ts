import type { BatchLoader, Loader } from "../contracts/loader.ts";
import { isFresh } from "../entry/freshness.ts";
import { promiseOf } from "../entry/kept-promise.ts";
import type { Family } from "../write/family.ts";
import type { Flights } from "../write/flights.ts";
import { LoadPath } from "./load-path.ts";
import type { ReadRequest } from "./request.ts";
import { TierRead } from "./tier-read.ts";

/** How the missing keys of a batch are loaded: all in one call, each by itself, or not at all. */
export interface Loaders<K extends readonly unknown[], V> {
  readonly load: Loader<K, V> | undefined;
  readonly loadMany: BatchLoader<K, V> | undefined;
}

/** One key of a batch: its id and the arguments it came from. */
export interface BatchKey<K extends readonly unknown[]> {
  readonly id: string;
  readonly args: K;
}

/**
 * Reads many keys: one trip down the tiers with a shrinking list of keys, one load for what is missing. Joins the
 * flights of single reads and lets them join its own.
 */
export class BatchRead<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #tierRead: TierRead<V>;
  readonly #loadPath: LoadPath<K, V>;
  readonly #loaders: Loaders<K, V>;

  constructor(family: Family<V>, loaders: Loaders<K, V>) {
    this.#family = family;
    this.#tierRead = new TierRead(family);
    this.#loadPath = new LoadPath(family);
    this.#loaders = loaders;
  }

  /**
   * The values of the keys in their order; a key that stands there twice is read once.
   *
   * @throws What a loader throws, as it is.
   */
  async get(keys: readonly BatchKey<K>[]): Promise<(V | undefined)[]> {
    const { load, loadMany } = this.#loaders;
    const answers =
      load === undefined && loadMany === undefined
        ? this.#gather(this.#family.lookups, keys, (requests) => this.#lookUp(requests))
        : this.#gather(this.#family.loads, keys, (requests) => this.#loadMissing(requests));
    return Promise.all(keys.flatMap(({ id }) => answers.get(id) ?? []));
  }

  /** An answer for each distinct id: from the local tier, a running flight, or a flight of this batch. */
  #gather<R>(
    flights: Flights<R>,
    keys: readonly BatchKey<K>[],
    fly: (requests: readonly ReadRequest<K, R>[]) => Promise<void>,
  ): ReadonlyMap<string, Promise<V | R>> {
    const { local, stack, name: namespace } = this.#family;
    const answers = new Map<string, Promise<V | R>>();
    const missing = new Map<string, Omit<ReadRequest<K, R>, "flight">>();
    const now = stack.clock.now();
    for (const { id, args } of keys) {
      if (answers.has(id)) continue;
      const entry = local.get(id);
      const running = flights.running(id);
      if (entry !== undefined && isFresh(entry, now)) {
        answers.set(id, promiseOf(entry));
        if (stack.local !== undefined) this.#family.observe({ type: "hit", namespace, tier: stack.local.name });
      } else if (running !== undefined) {
        answers.set(id, running.promise);
        this.#family.observe({ type: "joined", namespace });
      } else {
        missing.set(id, { args, key: this.#family.remoteKey(id) });
      }
    }
    if (missing.size === 0) return answers;
    stack.lifetime.assertOpen();
    // From here on nothing may throw: a flight that has begun must end, or all who join it hang.
    const requests: ReadRequest<K, R>[] = [];
    for (const [id, { args, key }] of missing) {
      const flight = flights.begin(id);
      answers.set(id, flight.promise);
      requests.push({ args, key, flight });
    }
    void fly(requests).catch((error: unknown) => {
      for (const { flight } of requests) flights.fail(flight, error);
    });
    return answers;
  }

  async #lookUp(requests: readonly ReadRequest<K, V | undefined>[]): Promise<void> {
    const { lookups, name: namespace } = this.#family;
    const entries = await this.#tierRead.find(requests);
    for (const [index, { flight }] of requests.entries()) {
      const entry = entries[index];
      if (entry === undefined) this.#family.observe({ type: "miss", namespace });
      lookups.succeed(flight, entry?.value);
    }
  }

  async #loadMissing(requests: readonly ReadRequest<K, V>[]): Promise<void> {
    const { loads, name: namespace } = this.#family;
    const entries = await this.#tierRead.find(requests);
    const missing: ReadRequest<K, V>[] = [];
    for (const [index, request] of requests.entries()) {
      const entry = entries[index];
      // Settled at once: a single read that has joined does not wait for the load of its neighbours.
      if (entry !== undefined) loads.succeed(request.flight, entry.value);
      else missing.push(request);
    }
    for (const _ of missing) this.#family.observe({ type: "miss", namespace });
    if (missing.length > 0) await this.#load(missing);
  }

  async #load(requests: readonly ReadRequest<K, V>[]): Promise<void> {
    const { loads } = this.#family;
    const { load, loadMany } = this.#loaders;
    if (loadMany !== undefined) {
      const values = await this.#loadPath.loadMany(requests, loadMany);
      for (const [index, { flight }] of requests.entries()) loads.succeed(flight, values[index] as V);
    } else if (load !== undefined) {
      for (const request of requests) {
        this.#loadPath.load(request, load).then(
          (value) => loads.succeed(request.flight, value),
          (error: unknown) => loads.fail(request.flight, error),
        );
      }
    }
  }
}
