import type { KeyOf } from "./contracts/key.ts";
import type { Loader } from "./contracts/loader.ts";
import type { Reading, ReadOptions } from "./contracts/reading.ts";
import type { Declaration } from "./declaration.ts";
import { composedIds, type IdOf, plainIds } from "./entry/key.ts";
import { FrontDoor } from "./front-door.ts";
import { argsOf } from "./given.ts";
import type { Stack } from "./stack.ts";
import { type HotKey, HotKeys } from "./statistics/hot-keys.ts";

/** The {@link FrontDoor} of a namespace whose most read keys are to be known. Namespaces that are not pay nothing for it. */
export class HotDoor<K extends readonly unknown[], V> extends FrontDoor<K, V> {
  readonly #keyId: IdOf<K>;
  readonly #sketch: HotKeys<K>;

  constructor(stack: Stack, name: string, declaration: Declaration<K, V>) {
    super(stack, name, declaration);
    const { key, hotKeys } = declaration;
    this.#keyId = key === undefined ? plainIds(name) : composedIds(name, key);
    this.#sketch = new HotKeys(typeof hotKeys === "object" ? hotKeys : {});
  }

  override get(...args: K): Promise<V | undefined> {
    this.#count(args);
    return super.get(...args);
  }

  override getOrLoad(key: KeyOf<K>, load: Loader<K, V>): Promise<V> {
    this.#count(argsOf(key));
    return super.getOrLoad(key, load);
  }

  override getMany(keys: readonly KeyOf<K>[]): Promise<(V | undefined)[]> {
    this.#countAll(keys);
    return super.getMany(keys);
  }

  override getManySettled(keys: readonly KeyOf<K>[]): Promise<PromiseSettledResult<V | undefined>[]> {
    this.#countAll(keys);
    return super.getManySettled(keys);
  }

  override read(key: KeyOf<K>, options?: ReadOptions): Promise<Reading<V | undefined>> {
    this.#count(argsOf(key));
    return super.read(key, options);
  }

  override peek(...args: K): V | undefined {
    this.#count(args);
    return super.peek(...args);
  }

  override hotKeys(count = 10): readonly HotKey<K>[] {
    return this.#sketch.top(count);
  }

  #countAll(keys: readonly KeyOf<K>[]): void {
    // A JavaScript caller may have handed over anything; he is told by who reads it.
    if (Array.isArray(keys)) for (const key of keys as readonly KeyOf<K>[]) this.#count(argsOf(key));
  }

  #count(args: K): void {
    let id: string;
    try {
      id = this.#keyId(args);
    } catch {
      // No key: the read says so.
      return;
    }
    this.#sketch.count(id, args);
  }
}
