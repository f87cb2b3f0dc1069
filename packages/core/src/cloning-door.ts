import type { KeyOf } from "./contracts/key.ts";
import type { Loader } from "./contracts/loader.ts";
import type { Reading, ReadOptions } from "./contracts/reading.ts";
import type { NamespaceStats } from "./contracts/stats.ts";
import { ownCopyOf } from "./entry/copy.ts";
import type { FrontDoor } from "./front-door.ts";
import type { Namespace } from "./namespace.ts";
import type { Explanation } from "./read/explanation.ts";
import type { HotKey } from "./statistics/hot-keys.ts";
import type { PatternOptions } from "./write/pattern-path.ts";
import type { RemoteOptions, WriteResult } from "./write/remote-options.ts";
import type { InvalidateOptions } from "./write/retraction.ts";
import type { WriteOptions } from "./write/write-path.ts";

/**
 * A {@link Namespace} whose callers share no value with the cache or with one another: what comes out is a copy, as is what
 * the rules keep. A loaded value that has no copy is not kept, so it is nobody's but its readers'.
 *
 * It stands in front of another door, so that namespaces which do not clone pay nothing for those that do.
 */
export class CloningDoor<K extends readonly unknown[], V> implements Namespace<K, V> {
  readonly name: string;
  readonly #door: FrontDoor<K, V>;

  constructor(door: FrontDoor<K, V>) {
    this.name = door.name;
    this.#door = door;
  }

  get(...args: K): Promise<V | undefined> {
    return this.#door.get(...args).then(ownCopyOf);
  }

  getOrLoad(key: KeyOf<K>, load: Loader<K, V>): Promise<V> {
    return this.#door.getOrLoad(key, load).then(ownCopyOf);
  }

  getMany(keys: readonly KeyOf<K>[]): Promise<(V | undefined)[]> {
    // One by one: a key that stands there twice is to give two values.
    return this.#door.getMany(keys).then((values) => values.map((value) => ownCopyOf(value)));
  }

  async getManySettled(keys: readonly KeyOf<K>[]): Promise<PromiseSettledResult<V | undefined>[]> {
    const results = await this.#door.getManySettled(keys);
    return results.map((result) =>
      result.status === "fulfilled" ? { status: "fulfilled", value: ownCopyOf(result.value) } : result,
    );
  }

  async read(key: KeyOf<K>, options?: ReadOptions): Promise<Reading<V | undefined>> {
    const reading = await this.#door.read(key, options);
    return { ...reading, value: ownCopyOf(reading.value) };
  }

  explain(...args: K): Promise<Explanation> {
    return this.#door.explain(...args);
  }

  peek(...args: K): V | undefined {
    return ownCopyOf(this.#door.peek(...args));
  }

  set(key: KeyOf<K>, value: V, options?: WriteOptions): Promise<WriteResult> {
    return this.#door.set(key, value, options);
  }

  setMany(entries: readonly (readonly [key: KeyOf<K>, value: V])[], options?: WriteOptions): Promise<WriteResult> {
    return this.#door.setMany(entries, options);
  }

  delete(...args: K): Promise<WriteResult> {
    return this.#door.delete(...args);
  }

  deleteMany(keys: readonly KeyOf<K>[], options?: InvalidateOptions): Promise<WriteResult> {
    return this.#door.deleteMany(keys, options);
  }

  invalidate(...args: K): Promise<WriteResult> {
    return this.#door.invalidate(...args);
  }

  invalidateMany(keys: readonly KeyOf<K>[], options?: InvalidateOptions): Promise<WriteResult> {
    return this.#door.invalidateMany(keys, options);
  }

  invalidatePattern(pattern: string, options?: PatternOptions): Promise<WriteResult> {
    return this.#door.invalidatePattern(pattern, options);
  }

  stats(): NamespaceStats {
    return this.#door.stats();
  }

  hotKeys(count?: number): readonly HotKey<K>[] {
    return this.#door.hotKeys(count);
  }

  clear(options?: RemoteOptions): Promise<WriteResult> {
    return this.#door.clear(options);
  }
}
