import type { Clock } from "./contracts/clock.ts";
import type { Entry } from "./contracts/entry.ts";
import type { KeyOf, KeyParts } from "./contracts/key.ts";
import type { BatchLoader, Loader } from "./contracts/loader.ts";
import type { CacheEvent } from "./contracts/observer.ts";
import type { Reading, ReadOptions } from "./contracts/reading.ts";
import type { LocalSpace } from "./contracts/tier.ts";
import { isFresh } from "./entry/freshness.ts";
import { promiseOf } from "./entry/kept-promise.ts";
import { assertWellFormed, composedIds, type IdOf, plainIds } from "./entry/key.ts";
import { type KeyHashingOptions, keySecretOf } from "./entry/key-secret.ts";
import { type EntryOptions, rulesOf } from "./entry/rules.ts";
import { CacheError } from "./errors.ts";
import type { Namespace } from "./namespace.ts";
import { callable, checkOptions, invalidOption, lifetimeMs, type OptionRule } from "./option-rules.ts";
import { BatchRead } from "./read/batch-read.ts";
import { singleLoader } from "./read/batch-result.ts";
import { LookupPath } from "./read/lookup-path.ts";
import { ReadPath } from "./read/read-path.ts";
import type { Question } from "./read/request.ts";
import type { Stack } from "./stack.ts";
import { Family } from "./write/family.ts";
import type { Answer } from "./write/flight.ts";
import { type WriteOptions, WritePath, type WriteResult } from "./write/write-path.ts";

/** A namespace's declaration in its widest form, already checked. */
export interface Declaration<K extends readonly unknown[], V> extends EntryOptions<V>, KeyHashingOptions {
  readonly key?: ((...args: K) => KeyParts) | undefined;
  readonly load?: Loader<K, V> | undefined;
  readonly loadMany?: BatchLoader<K, V> | undefined;
}

/** The {@link Namespace} users hold: answers what the local tier can answer, and hands on the rest. */
export class FrontDoor<K extends readonly unknown[], V> implements Namespace<K, V> {
  readonly name: string;
  readonly #idOf: IdOf<K>;
  /** How many arguments a key declares, optional ones included. */
  readonly #arity: number;
  readonly #local: LocalSpace<V>;
  readonly #clock: Clock;
  readonly #load: Loader<K, V> | undefined;
  readonly #family: Family<V>;
  readonly #readPath: ReadPath<K, V>;
  readonly #lookupPath: LookupPath<K, V>;
  readonly #batchRead: BatchRead<K, V>;
  readonly #writePath: WritePath<V>;
  /** The event of a hit, the same object each time. */
  readonly #told: CacheEvent;

  constructor(stack: Stack, name: string, declaration: Declaration<K, V>) {
    const { key, load, loadMany } = declaration;
    this.name = name;
    this.#arity = key === undefined ? 1 : key.length;
    this.#idOf = key === undefined ? plainIds(name) : composedIds(name, key);
    const rules = rulesOf(`namespace "${name}"`, declaration, stack.rules);
    const secret = keySecretOf(declaration.hashKeys, stack.keySecret);
    this.#family = new Family<V>(stack, { name, rules, composed: key !== undefined, secret });
    this.#local = this.#family.local;
    this.#clock = stack.clock;
    this.#load = load ?? (loadMany === undefined ? undefined : singleLoader(name, loadMany));
    this.#writePath = new WritePath(this.#family);
    this.#readPath = new ReadPath(this.#family, this.#writePath);
    this.#lookupPath = new LookupPath(this.#family, this.#writePath);
    this.#batchRead = new BatchRead(this.#family, this.#writePath, { load, loadMany });
    this.#told = Object.freeze({ type: "hit", namespace: name, tier: stack.local?.name ?? "none" });
  }

  get(...args: K): Promise<V | undefined> {
    try {
      // The hit: one lookup, one reading of the clock, the entry's own promise. Nothing is allocated, merged, closed
      // over or awaited from here to the return.
      const id = this.#idOf(args);
      const held = this.#local.get(id);
      if (held !== undefined && this.#clock.now() < held.refreshAt) return this.#hit(held);
      if (this.#load !== undefined) return this.#readPath.getOrLoad({ id, args: this.#whole(args) }, held, this.#load);
      return this.#lookupPath.find({ id, args }, held).then(({ value }) => value);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  getOrLoad(key: KeyOf<K>, load: Loader<K, V>): Promise<V> {
    try {
      if (!callable.accepts(load)) throw invalidOption(`The loader of ${this.name}.getOrLoad`, load, callable);
      const args = argsOf(key);
      const id = this.#idOf(args);
      const held = this.#local.get(id);
      if (held !== undefined && this.#clock.now() < held.refreshAt) return this.#hit(held);
      return this.#readPath.getOrLoad({ id, args: this.#whole(args) }, held, load);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async getMany(keys: readonly KeyOf<K>[]): Promise<(V | undefined)[]> {
    return this.#batchRead.get(
      keys.map((key) => {
        const args = argsOf(key);
        return { id: this.#idOf(args), args: this.#whole(args) };
      }),
    );
  }

  async read(key: KeyOf<K>, options: ReadOptions = {}): Promise<Reading<V | undefined>> {
    checkOptions(`The options of ${this.name}.read`, options, readOptionRules);
    const { signal, from = "any" } = options;
    signal?.throwIfAborted();
    const args = argsOf(key);
    const question = { id: this.#idOf(args), args: this.#whole(args), signal };
    const { value, origin } = await this.#answer(question, from);
    if (origin === undefined) return { value, source: undefined, ageMs: undefined, stale: undefined };
    const { source, createdAt, stale } = origin;
    return { value, source, ageMs: Math.max(0, this.#clock.now() - createdAt), stale };
  }

  peek(...args: K): V | undefined {
    const id = this.#idOf(args);
    const held = this.#local.get(id);
    if (held === undefined) assertWellFormed(this.name, id);
    if (held === undefined || !isFresh(held, this.#clock.now())) return undefined;
    this.#family.observe(this.#told);
    return held.value;
  }

  set(key: KeyOf<K>, value: V, options?: WriteOptions): Promise<WriteResult> {
    return this.setMany([[key, value]], options);
  }

  async setMany(
    entries: readonly (readonly [key: KeyOf<K>, value: V])[],
    options?: WriteOptions,
  ): Promise<WriteResult> {
    checkOptions(`The options of ${this.name}.set`, options, { ttlMs: lifetimeMs });
    const values = entries.map(([key, value]) => [this.#openId(argsOf(key)), this.#settled(value)] as const);
    return this.#writePath.set(values, options);
  }

  delete(...args: K): Promise<WriteResult> {
    return this.deleteMany([args]);
  }

  async deleteMany(keys: readonly KeyOf<K>[]): Promise<WriteResult> {
    return this.#writePath.remove(keys.map((key) => this.#openId(argsOf(key))));
  }

  invalidate(...args: K): Promise<WriteResult> {
    return this.deleteMany([args]);
  }

  invalidateMany(keys: readonly KeyOf<K>[]): Promise<WriteResult> {
    return this.deleteMany(keys);
  }

  #answer(question: Question<K>, from: NonNullable<ReadOptions["from"]>): Promise<Answer<V | undefined>> {
    const held = this.#local.get(question.id);
    const load = this.#load;
    if (load === undefined || from === "cached") return this.#lookupPath.find(question, held);
    return from === "load" ? this.#readPath.reload(question, load) : this.#readPath.answer(question, held, load);
  }

  #hit(entry: Entry<V>): Promise<V> {
    this.#family.observe(this.#told);
    return promiseOf(entry);
  }

  /** A loader's context comes after all of the key's arguments, also those that the caller has left out. */
  #whole(args: K): K {
    if (args.length >= this.#arity) return args;
    return [...args, ...Array.from({ length: this.#arity - args.length })] as unknown as K;
  }

  /** Awaiting a hit would wait for a promise that was kept as a value, and hand out something else than was set. */
  #settled(value: V): V {
    if (!isThenable(value)) return value;
    throw new CacheError("INVALID_VALUE", `The value handed to ${this.name}.set is a promise; await it first.`);
  }

  #openId(args: K): string {
    this.#family.stack.lifetime.assertOpen();
    return this.#idOf(args);
  }
}

const readOptionRules: Readonly<Record<keyof ReadOptions, OptionRule>> = {
  signal: { allowed: "an AbortSignal", accepts: (value) => value instanceof AbortSignal },
  from: {
    allowed: '"any", "load" or "cached"',
    accepts: (value) => value === "any" || value === "load" || value === "cached",
  },
};

function argsOf<K extends readonly unknown[]>(key: KeyOf<K>): K {
  return (Array.isArray(key) ? key : [key]) as unknown as K;
}

function isThenable(value: unknown): boolean {
  if (typeof value !== "function" && (typeof value !== "object" || value === null)) return false;
  return typeof (value as { readonly then?: unknown }).then === "function";
}
