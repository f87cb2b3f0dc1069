import type { Certificate } from "./bus/certificate.ts";
import type { Clock, Ms } from "./contracts/clock.ts";
import type { Entry } from "./contracts/entry.ts";
import type { KeyOf } from "./contracts/key.ts";
import type { Loader } from "./contracts/loader.ts";
import type { Reading, ReadOptions } from "./contracts/reading.ts";
import type { NamespaceStats } from "./contracts/stats.ts";
import type { LocalSpace } from "./contracts/tier.ts";
import { type Declaration, familyOf } from "./declaration.ts";
import { areCurrent, isFresh } from "./entry/freshness.ts";
import { promiseOf } from "./entry/kept-promise.ts";
import { assertWellFormed, composedIds, type IdOf, plainIds } from "./entry/key.ts";
import { argsOf, listed, pairOf, settled, wholeArgs } from "./given.ts";
import type { Namespace } from "./namespace.ts";
import { callable, checkOptions, invalidOption } from "./option-rules.ts";
import { BatchRead } from "./read/batch-read.ts";
import { singleLoader } from "./read/batch-result.ts";
import { type Explanation, KeyInspection } from "./read/explanation.ts";
import { LookupPath } from "./read/lookup-path.ts";
import { skipsIn } from "./read/read-options.ts";
import { ReadPath } from "./read/read-path.ts";
import type { Question } from "./read/request.ts";
import { SlidingHits } from "./read/sliding-hits.ts";
import type { Stack } from "./stack.ts";
import type { HitTally } from "./statistics/hit-tally.ts";
import type { HotKey } from "./statistics/hot-keys.ts";
import { type Answer, readingOf } from "./write/answer.ts";
import type { Family } from "./write/family.ts";
import { type PatternOptions, PatternPath } from "./write/pattern-path.ts";
import { asRequired, checkRemoteOptions, type RemoteOptions, type WriteResult } from "./write/remote-options.ts";
import { checkInvalidateOptions, deletion, type InvalidateOptions, invalidation } from "./write/retraction.ts";
import { type KeyedValue, type WriteOptions, WritePath, writeOptionRules } from "./write/write-path.ts";

/** The {@link Namespace} users hold: answers what the local tier can answer, and hands on the rest. */
export class FrontDoor<K extends readonly unknown[], V> implements Namespace<K, V> {
  readonly name: string;
  /** What its paths share. */
  readonly family: Family<V>;
  readonly #idOf: IdOf<K>;
  /** How many arguments a key declares, optional ones included. */
  readonly #arity: number;
  readonly #local: LocalSpace<V>;
  readonly #clock: Clock;
  readonly #certificate: Certificate;
  readonly #load: Loader<K, V> | undefined;
  readonly #readPath: ReadPath<K, V>;
  readonly #lookupPath: LookupPath<K, V>;
  readonly #batchRead: BatchRead<K, V>;
  readonly #writePath: WritePath<V>;
  readonly #patternPath: PatternPath<V>;
  readonly #inspection: KeyInspection<V>;
  readonly #tally: HitTally;

  constructor(stack: Stack, name: string, declaration: Declaration<K, V>) {
    const { key, load, loadMany } = declaration;
    this.name = name;
    this.#arity = key === undefined ? 1 : key.length;
    this.#idOf = key === undefined ? plainIds(name) : composedIds(name, key);
    this.family = familyOf(stack, name, declaration);
    this.#local = this.family.local;
    this.#clock = stack.clock;
    this.#certificate = stack.certificate;
    this.family.listen();
    this.#tally = this.family.statistics.tally;
    this.#load = load ?? (loadMany === undefined ? undefined : singleLoader(name, loadMany));
    this.#writePath = new WritePath(this.family);
    this.#patternPath = new PatternPath(this.family, this.#writePath);
    const sliding = new SlidingHits(this.family);
    this.#readPath = new ReadPath(this.family, sliding);
    this.#lookupPath = new LookupPath(this.family, sliding);
    this.#batchRead = new BatchRead(this.family, sliding, { load, loadMany });
    this.#inspection = new KeyInspection(this.family, this.#load !== undefined);
  }

  get(...args: K): Promise<V | undefined> {
    try {
      // The hit: one reading of the clock, one lookup, the entry's own promise. Nothing is allocated, merged, closed
      // over or awaited from here to the return. The clock first, which waits for all that is under way in the processor: the
      // lookup goes on beside it.
      const now = this.#clock.now();
      const id = this.#idOf(args);
      const held = this.#local.get(id);
      if (held !== undefined && this.#isSettled(held, now)) return this.#hit(held);
      if (this.#load !== undefined) return this.#readPath.getOrLoad({ id, args: this.#whole(args) }, held, this.#load);
      return this.#lookupPath.find({ id, args }, held).then(({ value }) => value);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  getOrLoad(key: KeyOf<K>, load: Loader<K, V>): Promise<V> {
    try {
      if (!callable.accepts(load)) throw invalidOption(`The loader of ${this.name}.getOrLoad`, load, callable);
      const now = this.#clock.now();
      const args = argsOf(key);
      const id = this.#idOf(args);
      const held = this.#local.get(id);
      if (held !== undefined && this.#isSettled(held, now)) return this.#hit(held);
      return this.#readPath.getOrLoad({ id, args: this.#whole(args) }, held, load);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async getMany(keys: readonly KeyOf<K>[]): Promise<(V | undefined)[]> {
    return this.#batchRead.answers(this.#questions(keys)).all();
  }

  async getManySettled(keys: readonly KeyOf<K>[]): Promise<PromiseSettledResult<V | undefined>[]> {
    return this.#batchRead.answers(this.#questions(keys)).settled();
  }

  async read(key: KeyOf<K>, options: ReadOptions = {}): Promise<Reading<V | undefined>> {
    const skips = skipsIn(`${this.name}.read`, options, this.family.stack);
    const { signal, from = "any" } = options;
    if (from === "load" && this.#load === undefined) {
      const allowed = '"any" or "cached", as the namespace has no loader';
      throw invalidOption(`${this.name}.read.from`, from, { allowed });
    }
    signal?.throwIfAborted();
    const args = argsOf(key);
    const question = { id: this.#idOf(args), args: this.#whole(args), signal, skips };
    return readingOf(await this.#answer(question, from), () => this.#clock.now());
  }

  async explain(...args: K): Promise<Explanation> {
    return this.#inspection.explain(this.#openId(args));
  }

  peek(...args: K): V | undefined {
    const id = this.#idOf(args);
    const held = this.freshOf(id);
    if (held === undefined) assertWellFormed(this.name, id);
    return held?.value;
  }

  set(key: KeyOf<K>, value: V, options?: WriteOptions): Promise<WriteResult> {
    return this.setMany([[key, value]], options);
  }

  async setMany(
    entries: readonly (readonly [key: KeyOf<K>, value: V])[],
    options?: WriteOptions,
  ): Promise<WriteResult> {
    checkOptions(`${this.name}.set`, options, writeOptionRules);
    const values = listed(this.name, entries).map((entry) => this.keyed(...pairOf(this.name, entry)));
    const written = this.family.outcomes.written("set", values.length, this.#writePath.set(values, options));
    return asRequired(written, options);
  }

  delete(...args: K): Promise<WriteResult> {
    return this.deleteMany([args]);
  }

  async deleteMany(keys: readonly KeyOf<K>[], options?: InvalidateOptions): Promise<WriteResult> {
    checkInvalidateOptions(`${this.name}.delete`, options, this.family.versions !== undefined);
    const ids = this.#openIds(keys);
    const removal = this.#writePath.remove(ids, deletion(this.family.rules, options));
    return asRequired(this.family.outcomes.written("delete", ids.length, removal), options);
  }

  invalidate(...args: K): Promise<WriteResult> {
    return this.invalidateMany([args]);
  }

  async invalidateMany(keys: readonly KeyOf<K>[], options?: InvalidateOptions): Promise<WriteResult> {
    checkInvalidateOptions(`${this.name}.invalidate`, options, this.family.versions !== undefined);
    const ids = this.#openIds(keys);
    const removal = this.#writePath.remove(ids, invalidation(this.family.rules, options));
    return asRequired(this.family.outcomes.written("invalidate", ids.length, removal), options);
  }

  invalidatePattern(pattern: string, options?: PatternOptions): Promise<WriteResult> {
    return this.#patternPath.invalidate(pattern, options);
  }

  async clear(options?: RemoteOptions): Promise<WriteResult> {
    checkRemoteOptions(`${this.name}.clear`, options);
    this.family.stack.lifetime.assertOpen();
    return asRequired(this.family.tags.clear(), options);
  }

  stats(): NamespaceStats {
    return this.family.statistics.stats();
  }

  hotKeys(_count?: number): readonly HotKey<K>[] {
    return [];
  }

  #answer(question: Question<K>, from: NonNullable<ReadOptions["from"]>): Promise<Answer<V | undefined>> {
    const held = question.skips?.reading.has(this.family.localName) ? undefined : this.#local.get(question.id);
    const load = this.#load;
    if (load === undefined || from === "cached") return this.#lookupPath.find(question, held);
    return from === "load" ? this.#readPath.reload(question, load) : this.#readPath.answer(question, held, load);
  }

  /** A value for a key, both checked. */
  keyed(key: KeyOf<K>, value: V): KeyedValue<V> {
    const args = argsOf(key);
    return { id: this.#openId(args), args: this.#whole(args), value: settled(this.name, value) };
  }

  #questions(keys: readonly KeyOf<K>[]): Question<K>[] {
    return listed(this.name, keys).map((key) => {
      const args = argsOf(key);
      return { id: this.#idOf(args), args: this.#whole(args) };
    });
  }

  /** The kept promise of an id, if the local tier has it and a hit is all there is to it. */
  protected hitOf(id: string): Promise<V> | undefined {
    const now = this.#clock.now();
    const held = this.#local.get(id);
    return held !== undefined && this.#isSettled(held, now) ? this.#hit(held) : undefined;
  }

  /** What the local tier has fresh of an id. */
  protected freshOf(id: string): Entry<V> | undefined {
    const now = this.#clock.now();
    const held = this.#local.get(id);
    if (held === undefined || !isFresh(held, now) || !this.family.trusts(held, now)) return undefined;
    this.#tally.hit(held);
    return held;
  }

  /** Whether an entry is a hit and nothing else: two comparisons of instants, one of epochs, and one more for each tag. */
  #isSettled({ refreshAt, epoch, stamps }: Entry<V>, now: Ms): boolean {
    if (now >= refreshAt || now >= this.#certificate.until || epoch !== this.#certificate.epoch) return false;
    return stamps === undefined || areCurrent(stamps);
  }

  #hit(entry: Entry<V>): Promise<V> {
    this.#tally.hit(entry);
    return promiseOf(entry);
  }

  #whole(args: K): K {
    return args.length >= this.#arity ? args : wholeArgs(args, this.#arity);
  }

  #openIds(keys: readonly KeyOf<K>[]): readonly string[] {
    return listed(this.name, keys).map((key) => this.#openId(argsOf(key)));
  }

  #openId(args: K): string {
    this.family.stack.lifetime.assertOpen();
    return this.#idOf(args);
  }
}
