import type { RemoteTier } from "@tiercache/core";

/** A tier that can do everything but prolong what it holds. */
export function withoutRenewal(tier: RemoteTier): RemoteTier {
  return {
    name: tier.name,
    now: () => tier.now(),
    readMany: (keys, call) => tier.readMany(keys, call),
    write: (key, frame, call) => tier.write(key, frame, call),
    remove: (keys, call) => tier.remove(keys, call),
    close: () => tier.close(),
  };
}
