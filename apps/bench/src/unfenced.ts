import type { RemoteTier } from "@tiercache/core";

/** The same tier without its fence: what is written is written, whatever has changed meanwhile. */
export function unfenced(tier: RemoteTier): RemoteTier {
  return {
    name: tier.name,
    bus: tier.bus,
    now: () => tier.now(),
    readMany: (keys, call) => tier.readMany(keys, call),
    write: (key, frame, call) => tier.write(key, frame, call),
    remove: (keys, call) => tier.remove(keys, call),
    onLoss: (listener) => tier.onLoss?.(listener),
    onReady: (listener) => tier.onReady?.(listener),
    unref: () => tier.unref?.(),
    close: () => tier.close(),
  };
}
