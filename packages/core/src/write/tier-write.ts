import type { Entry } from "../contracts/entry.ts";
import type { EntryCodec } from "../entry/codec.ts";
import { remainingMs } from "../entry/freshness.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Stack } from "../stack.ts";

/** An entry and where it belongs. */
export interface KeyedEntry {
  readonly key: string;
  readonly entry: Entry<unknown>;
}

/**
 * Puts entries into remote tiers and takes them out: the only place that does. Never rejects; each call tells how far
 * it got.
 */
export class TierWrite {
  readonly #stack: Stack;
  readonly #codec: EntryCodec;

  constructor(stack: Stack, codec: EntryCodec) {
    this.#stack = stack;
    this.#codec = codec;
  }

  /** Whether there is any remote tier, so that encoding a value is of use. */
  get needed(): boolean {
    return this.#stack.remotes.length > 0;
  }

  /**
   * Writes an entry to all the given tiers at the same time; resolves to whether all have it.
   *
   * @param payload - The entry's encoded value.
   */
  async write({ key, entry }: KeyedEntry, payload: Uint8Array, tiers: readonly RemoteLink[]): Promise<boolean> {
    const frame = {
      key,
      remainingMs: () => remainingMs(entry, this.#stack.clock.now()),
      bytes: (shiftMs: number) => this.#codec.frame(entry, payload, { key, shiftMs }),
    };
    const written = await Promise.all(tiers.map((tier) => tier.write(frame)));
    return written.every(Boolean);
  }

  /**
   * Gives the frame that a tier was seen to hold the instants of an entry, unless it holds another one by now. Only for a
   * tier that {@link RemoteLink.canRenew}.
   */
  renew({ key, entry }: KeyedEntry, frame: Uint8Array, tier: RemoteLink): Promise<boolean> {
    return tier.renew({
      key,
      frame,
      remainingMs: () => remainingMs(entry, this.#stack.clock.now()),
      header: (shiftMs) => this.#codec.renewedHeader(frame, entry, shiftMs),
    });
  }

  /**
   * What each of the remote tiers has under a key, if it is a frame of this namespace and version. A tier that fails has
   * nothing.
   */
  async framesOf(key: string): Promise<ReadonlyMap<RemoteLink, Uint8Array>> {
    const answers = await Promise.all(this.#stack.remotes.map((tier) => tier.read([key])));
    const frames = new Map<RemoteLink, Uint8Array>();
    for (const [index, tier] of this.#stack.remotes.entries()) {
      const frame = answers[index]?.[0];
      const shiftMs = tier.shiftMs();
      if (frame === undefined || shiftMs === undefined) continue;
      if (typeof this.#codec.decoded(frame, { key, shiftMs }) !== "string") frames.set(tier, frame);
    }
    return frames;
  }

  /** Removes keys from remote tiers at the same time; resolves to whether none of these has them any longer. */
  async remove(keys: readonly string[], tiers: readonly RemoteLink[] = this.#stack.remotes): Promise<boolean> {
    const removed = await Promise.all(tiers.map((tier) => tier.remove(keys)));
    return removed.every(Boolean);
  }
}
