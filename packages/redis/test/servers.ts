import type { RemoteCall, RemoteTier } from "@tiercache/core";

const call: RemoteCall = { signal: new AbortController().signal };

/** The one element that a read of one key has. */
export async function readOne(tier: RemoteTier, key: string): Promise<Uint8Array | undefined> {
  const [frame] = await tier.readMany([key], call);
  return frame;
}

export function write(tier: RemoteTier, key: string, text: string): Promise<void> {
  return tier.write(key, Buffer.from(text), { ...call, ttlMs: 600_000 });
}

export function remove(tier: RemoteTier, ...keys: readonly string[]): Promise<void> {
  return tier.remove(keys, call);
}

/** Asks again until it holds; only a failure takes the whole time. */
export async function eventually(holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("It did not come to hold in time.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
