import type { Entry } from "../contracts/entry.ts";
import { remainingMs } from "../entry/freshness.ts";
import type { OutgoingFrame, RemoteLink } from "../remote/remote-link.ts";
import type { Stack } from "../stack.ts";

/**
 * Puts entries into remote tiers and takes them out: the only place that does. Never rejects; each call tells how far
 * it got.
 */
export class TierWrite {
  readonly #stack: Stack;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** Whether there is any remote tier, so that encoding a value is of use. */
  get needed(): boolean {
    return this.#stack.remotes.length > 0;
  }

  /**
   * Writes an entry to all the given tiers at the same time; resolves to whether all have it.
   *
   * @param payload - The entry's encoded value.
   * @param tiers - All remote tiers by default; those above the one that answered when a value is copied nearer.
   */
  async write(
    { key, entry }: { readonly key: string; readonly entry: Entry<unknown> },
    payload: Uint8Array,
    tiers: readonly RemoteLink[] = this.#stack.remotes,
  ): Promise<boolean> {
    const { clock, codec } = this.#stack;
    const frame: OutgoingFrame = {
      key,
      remainingMs: () => remainingMs(entry, clock.now()),
      bytes: (shiftMs) => codec.frame(entry, payload, shiftMs),
    };
    const written = await Promise.all(tiers.map((tier) => tier.write(frame)));
    return written.every(Boolean);
  }

  /** Whether any remote tier has something under a key. A tier that fails has nothing. */
  async holds(key: string): Promise<boolean> {
    const answers = await Promise.all(this.#stack.remotes.map((tier) => tier.read([key])));
    return answers.some(([frame]) => frame !== undefined);
  }

  /** Removes keys from all remote tiers at the same time; resolves to whether none has them any longer. */
  async remove(keys: readonly string[]): Promise<boolean> {
    const removed = await Promise.all(this.#stack.remotes.map((tier) => tier.remove(keys)));
    return removed.every(Boolean);
  }
}
