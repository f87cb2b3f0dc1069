import type { Ms } from "../contracts/clock.ts";
import type { RemoteWrite } from "../contracts/remote-call.ts";
import type { RemoteTier } from "../contracts/tier.ts";
import type { OutgoingFrame } from "./outgoing.ts";

/** How a frame is sent, and what comes of it otherwise. */
export interface Sending<T> {
  readonly send: (bytes: Uint8Array, ttlMs: Ms) => Promise<T>;
  /** Where it cannot be sent. */
  readonly without: Promise<T>;
  /** Where its life is over already. @defaultValue the same */
  readonly ended?: Promise<T>;
}

/** Stores a frame in place of whatever is there; one that has a version not in place of a higher one, by a tier that can tell. */
export async function written(
  tier: RemoteTier,
  { key, outranked }: OutgoingFrame,
  { bytes, write }: { readonly bytes: Uint8Array; readonly write: RemoteWrite },
): Promise<void> {
  const { fence } = tier;
  if (outranked === undefined || fence?.raise === undefined) return tier.write(key, bytes, write);
  const [isPut] = await fence.raise([{ key, frame: bytes }], Object.assign(write, { replacesEqual: true }));
  if (isPut === false) outranked();
}
