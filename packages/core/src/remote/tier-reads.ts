import type { RemoteTier } from "../contracts/tier.ts";
import { CacheError } from "../errors.ts";
import type { LazySignal } from "../lazy-signal.ts";
import { type Found, ReadFold } from "./read-fold.ts";
import type { Removals } from "./removals.ts";
import { ShardReads } from "./shard-reads.ts";
import type { CallEnd, TierCalls } from "./tier-calls.ts";

/** What the reads of a tier need. */
export interface TierReadsParts {
  readonly tier: RemoteTier;
  readonly calls: TierCalls;
  readonly removals: Removals;
}

type Frames = readonly (Uint8Array | undefined)[];

/** The most keys that reads of one tick put into a single command; a longer one would hold up the server. */
const MAX_KEYS_PER_READ = 512;

/**
 * Reads one remote tier: what is asked for in one tick in one call, and nothing that waits for removals, as what the tier holds may be
 * what was to be removed.
 */
export class TierReads {
  readonly #parts: TierReadsParts;
  readonly #fold: ReadFold | ShardReads;

  constructor(parts: TierReadsParts) {
    this.#parts = parts;
    const { shards } = parts.tier;
    const readAll = (keys: readonly string[]): Promise<Found> => this.readAlone(keys);
    this.#fold =
      shards === undefined
        ? new ReadFold(readAll, MAX_KEYS_PER_READ)
        : new ShardReads(shards, readAll, MAX_KEYS_PER_READ);
  }

  /** Reads keys in one trip, together with all others of this tick; none while the tier is not worth asking. */
  read(keys: readonly string[]): Promise<Found> {
    return this.#parts.calls.refuses("read") ? UNREACHABLE : this.#fold.read(keys);
  }

  /** Reads keys in a call of their own. */
  readAlone(keys: readonly string[]): Promise<Found> {
    const { removals } = this.#parts;
    if (!removals.holdsUp(keys)) return this.#asked(keys);
    return removals.settleFor(keys).then((settled) => (settled ? this.#asked(keys) : "unreachable"));
  }

  /** Asks for one key, for somebody who wants to know why that failed. */
  probe(key: string): Promise<CallEnd<Uint8Array | undefined>> {
    return this.#parts.calls.make("read", (call) => this.#frames([key], call).then(([frame]) => frame), false);
  }

  #asked(keys: readonly string[]): Promise<Found> {
    return this.#parts.calls.make("read", (call) => this.#frames(keys, call)).then(foundIn);
  }

  #frames(keys: readonly string[], call: LazySignal): Promise<Frames> {
    const { tier } = this.#parts;
    return tier.readMany(keys, call).then((frames) => {
      if (frames.length === keys.length) return frames;
      throw new CacheError("TIER_FAILED", `${tier.name} answered a read with too few or many frames.`);
    });
  }
}

const UNREACHABLE: Promise<Found> = Promise.resolve("unreachable");

function foundIn(end: CallEnd<Frames>): Found {
  return "answer" in end ? end.answer : "unreachable";
}
