import type { Bus, BusListener } from "@tiercache/core";
import type { MemoryChannels, MemorySubscription } from "./memory-channels.ts";
import { checkedText, refusal } from "./strictness.ts";

/** One process's end of a memory server's bus. */
export class MemoryBus implements Bus {
  readonly #channels: MemoryChannels;
  #channel: string | undefined;
  #subscription: MemorySubscription | undefined;

  constructor(channels: MemoryChannels) {
    this.#channels = channels;
  }

  /** @throws `TIER_FAILED` while it listens already. */
  listen(channel: string, listener: BusListener): void {
    if (this.#subscription !== undefined)
      throw refusal("A bus was to listen twice; each process needs a tier of its own");
    this.#channel = checkedText("A channel", channel);
    this.#subscription = this.#channels.subscribe(channel, listener);
  }

  async publish(text: string): Promise<void> {
    if (this.#channel === undefined) throw refusal("A message was published before any channel was known");
    this.#channels.announce(this.#channel, checkedText("A message", text));
  }

  async echo(nonce: string): Promise<void> {
    if (this.#subscription === undefined) throw refusal("An echo was sent to a bus that does not listen");
    checkedText("A nonce", nonce);
    this.#subscription.bring((listener) => listener.echo(nonce));
  }

  /** It may listen anew afterwards: as the next process on the same tier. */
  async close(): Promise<void> {
    if (this.#subscription !== undefined) this.#channels.unsubscribe(this.#subscription);
    this.#subscription = undefined;
  }

  /**
   * Announces what belongs to a change that has just been made, if anything does. Before this process has listened there is
   * no channel that it could go to.
   *
   * @internal
   */
  announce(text: string | undefined): void {
    if (text !== undefined && this.#channel !== undefined) this.#channels.announce(this.#channel, text);
  }
}
