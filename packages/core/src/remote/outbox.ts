import type { Shards } from "../contracts/shards.ts";
import type { Removal } from "./removal.ts";
import { placesByShard } from "./shard-reads.ts";

/** How an attempt to tell a tier of removals has ended: `shard-away` speaks only against the shard that the keys lie on. */
export type Told = "done" | "shard-away" | "failed";

/** Does one removal; must not reject. */
export type TellOne = (removal: Removal) => Promise<Told>;

/** After an outage there may be thousands, and a trip for each by itself would keep the tier from being read for long. */
const AT_A_TIME = 64;

/**
 * The removals that a tier could not be told of: kept until it has been, and before it is read again. One leaves only when
 * it has itself been done; that another one of the same key was done in between says nothing of it, as a load may have
 * begun before and ended after that one.
 */
export class Outbox {
  readonly #shards: Shards | undefined;
  readonly #pending = new Set<Removal>();
  /** The pending removals of each key. */
  readonly #byKey = new Map<string, Set<Removal>>();
  /** What removals of keys on several shards were taken apart into. */
  readonly #parts = new WeakMap<Removal, readonly Removal[]>();
  #keys = 0;
  #flushing: Promise<Told> | undefined;

  /** @param shards - Those of the tier: what is pending for one that is away holds up none of the others. */
  constructor(shards?: Shards) {
    this.#shards = shards;
  }

  /** The number of keys whose removal is still to be done. */
  get size(): number {
    return this.#keys;
  }

  /** Keeps removals until they are done. */
  add(removals: readonly Removal[]): void {
    for (const removal of removals.flatMap((each) => this.#apart(each))) {
      if (this.#pending.has(removal)) continue;
      this.#pending.add(removal);
      this.#keys += removal.keys.length;
      for (const key of removal.keys) this.#byKey.set(key, (this.#byKey.get(key) ?? new Set()).add(removal));
    }
  }

  /** Whether keys must not be read before the tier has been told of something: of anything, where it has no shards. */
  holdsUp(keys: readonly string[]): boolean {
    if (this.#pending.size === 0 || this.#shards === undefined) return this.#pending.size > 0;
    return keys.some((key) => this.has(key));
  }

  /** Whether a removal of this very key is still to be done. */
  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** The namespaces of the keys that something else could be done for. */
  get namespaces(): readonly string[] {
    return namespacesOf(this.#pending);
  }

  /** Forgets what belongs to namespaces, as all of these are taken for gone. */
  drop(namespaces: readonly string[]): void {
    for (const removal of this.#pending) {
      if (removal.namespace !== undefined && namespaces.includes(removal.namespace)) this.#leave(removal);
    }
  }

  /**
   * Does all that is pending by now, oldest first and some at a time, and stops where one cannot be done; of shards, each by itself.
   * Calls at the same time share one attempt.
   *
   * @returns `done` where all of it was done, `shard-away` where all of it was but for what lies on shards that are away.
   */
  flush(tell: TellOne): Promise<Told> {
    this.#flushing ??= this.#flushed(tell).finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** Does what is pending of some keys. Resolves to whether nothing is any longer. */
  async flushKeys(keys: readonly string[], tell: TellOne): Promise<boolean> {
    await this.#inTurn([...new Set(keys.flatMap((key) => [...(this.#byKey.get(key) ?? [])]))], tell);
    return !keys.some((key) => this.has(key));
  }

  async #flushed(tell: TellOne): Promise<Told> {
    // What comes meanwhile is for the next time: a flood of it must not keep this one from ending.
    const due = [...this.#pending];
    const shards = this.#shards;
    if (shards === undefined) return this.#inTurn(due, tell);
    const firstKeys = due.map(({ keys }) => keys[0] ?? "");
    const lanes = [...placesByShard(firstKeys, (key) => shards.of(key)).values()];
    const ends = await Promise.all(lanes.map((places) => this.#inTurn(at(due, places), tell)));
    return ends.find((end) => end === "failed") ?? ends.find((end) => end === "shard-away") ?? "done";
  }

  async #inTurn(due: readonly Removal[], tell: TellOne): Promise<Told> {
    // A shard that is away is asked for one, and not for many at once.
    const first = this.#shards === undefined ? AT_A_TIME : 1;
    for (let from = 0, to = first; from < due.length; from = to, to += AT_A_TIME) {
      const ends = await Promise.all(due.slice(from, to).map((removal) => this.#told(removal, tell)));
      const failure = ends.find((end) => end !== "done");
      if (failure !== undefined) return failure;
    }
    return "done";
  }

  async #told(removal: Removal, tell: TellOne): Promise<Told> {
    const end = await tell(removal);
    if (end === "done") this.#leave(removal);
    return end;
  }

  #leave(removal: Removal): void {
    if (!this.#pending.delete(removal)) return;
    this.#keys -= removal.keys.length;
    for (const key of removal.keys) {
      const ofKey = this.#byKey.get(key);
      if (ofKey?.delete(removal) === true && ofKey.size === 0) this.#byKey.delete(key);
    }
  }

  /** A removal as one of each shard: what cannot be done on one of them is not to keep the others waiting. */
  #apart(removal: Removal): readonly Removal[] {
    const shards = this.#shards;
    if (shards === undefined || removal.keys.length < 2) return [removal];
    let parts = this.#parts.get(removal);
    if (parts === undefined) {
      const places = [...placesByShard(removal.keys, (key) => shards.of(key)).values()];
      parts = places.length === 1 ? [removal] : places.map((some) => ({ ...removal, keys: at(removal.keys, some) }));
      this.#parts.set(removal, parts);
    }
    return parts;
  }
}

function at<T>(all: readonly T[], places: readonly number[]): readonly T[] {
  return places.map((place) => all[place] as T);
}

/** The namespaces that removals belong to, each once. */
export function namespacesOf(removals: Iterable<Removal>): readonly string[] {
  const names = [...removals].map(({ namespace }) => namespace).filter((name) => name !== undefined);
  return [...new Set(names)];
}
