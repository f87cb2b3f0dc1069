import type { Shards } from "../contracts/shards.ts";
import { type Found, type ReadAll, ReadFold } from "./read-fold.ts";

/** Folds the reads of a tick into one call a shard. One that is away leaves the keys of the others as they are found. */
export class ShardReads {
  readonly #shards: Shards;
  readonly #readAll: ReadAll;
  readonly #maxKeys: number;
  /** By shard. As many as a process ever meets, which are few. */
  readonly #folds = new Map<string, ReadFold>();

  /**
   * @param readAll - Makes one call, for keys of one shard.
   * @param maxKeys - The most keys of one call.
   */
  constructor(shards: Shards, readAll: ReadAll, maxKeys: number) {
    this.#shards = shards;
    this.#readAll = readAll;
    this.#maxKeys = maxKeys;
  }

  /** Reads keys together with all others asked for in this tick. Resolves to one element a key, in order. */
  async read(keys: readonly string[]): Promise<Found> {
    const places = placesByShard(keys, (key) => this.#shards.of(key));
    const [only] = places.keys();
    if (only !== undefined && places.size === 1) return this.#foldOf(only).read(keys);
    const frames = Array.from<Uint8Array | "unreachable" | undefined>({ length: keys.length });
    const read = async (shard: string, at: readonly number[]): Promise<void> => {
      const found = await this.#foldOf(shard).read(at.map((place) => keys[place] as string));
      for (const [index, place] of at.entries()) frames[place] = found === "unreachable" ? found : found[index];
    };
    await Promise.all([...places].map(([shard, at]) => read(shard, at)));
    return frames;
  }

  #foldOf(shard: string): ReadFold {
    let fold = this.#folds.get(shard);
    if (fold === undefined) {
      fold = new ReadFold(this.#readAll, this.#maxKeys);
      this.#folds.set(shard, fold);
    }
    return fold;
  }
}

/** The places of keys in their list, by shard. */
export function placesByShard(
  keys: readonly string[],
  shardOf: (key: string) => string,
): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, key] of keys.entries()) {
    const shard = shardOf(key);
    const known = places.get(shard);
    if (known === undefined) places.set(shard, [place]);
    else known.push(place);
  }
  return places;
}
