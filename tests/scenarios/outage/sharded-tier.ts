import { CacheError, type RemoteTier, type Shards } from "@tiercache/core";

/** A tier whose keys lie on shards, of which a test takes some away. */
export interface ShardedTier {
  readonly tier: RemoteTier;
  /** The shards that do not answer. */
  readonly away: Set<string>;
  /** The keys of each call that was made, whether it was answered or not. */
  readonly calls: { readonly operation: string; readonly keys: readonly string[] }[];
}

/** The shards that keys ending on "-a" and "-b" lie on; all others lie on a third one. */
const SHARDS = ["a", "b", "other"] as const;

/**
 * Spreads the keys of a tier with a fence over shards.
 *
 * @param away - Those that do not answer, for several processes.
 */
export function sharded(whole: RemoteTier, away: Set<string> = new Set()): ShardedTier {
  const calls: { readonly operation: string; readonly keys: readonly string[] }[] = [];
  const of = (key: string): string => (/-[ab]$/.test(key) ? key.slice(-1) : "other");
  const shards: Shards = {
    of,
    get isAnyThere() {
      return away.size < SHARDS.length;
    },
    get isAnyAway() {
      return away.size > 0;
    },
  };
  const reached = async <T>(operation: string, keys: readonly string[], run: () => Promise<T>): Promise<T> => {
    calls.push({ operation, keys });
    if (keys.some((key) => away.has(of(key)))) throw new CacheError("TIER_FAILED", "A shard is away.");
    return run();
  };
  const { fence } = whole;
  if (fence === undefined) throw new Error("The tier has no fence.");
  const tier: RemoteTier = {
    name: whole.name,
    shards,
    bus: whole.bus,
    fence: {
      acquire: (leases, call) =>
        reached(
          "acquire",
          leases.map(({ key }) => key),
          () => fence.acquire(leases, call),
        ),
      commit: (key, commit) => reached("commit", [key], () => fence.commit(key, commit)),
      release: (key, release) => reached("release", [key], () => fence.release(key, release)),
      wait: (key, expected, call) => reached("wait", [key], () => fence.wait(key, expected, call)),
    },
    now: () => whole.now(),
    readMany: (keys, call) => reached("read", keys, () => whole.readMany(keys, call)),
    write: (key, frame, call) => reached("write", [key], () => whole.write(key, frame, call)),
    remove: (keys, call) => reached("remove", keys, () => whole.remove(keys, call)),
    close: () => whole.close(),
  };
  return { tier, away, calls };
}
