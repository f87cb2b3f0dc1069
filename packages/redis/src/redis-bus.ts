import { randomUUID } from "node:crypto";
import { type BusListener, CacheError } from "@tiercache/core";
import type { Announcement } from "./announcement.ts";
import type { AnnouncingBus, Change } from "./announcing-bus.ts";
import type { CommandGate } from "./command-gate.ts";
import { Subscription } from "./subscription.ts";

interface Listening {
  readonly channel: string;
  /** A channel that this process alone listens on. */
  readonly echoChannel: string;
  readonly subscription: Subscription;
}

/**
 * Publish and subscribe. What is published goes the way of all commands, and is heard on a connection of its own: the
 * server hands messages on in the order in which it carries out commands, so what has come back on that connection is behind
 * all that was announced before.
 */
export class RedisBus implements AnnouncingBus {
  readonly #gate: CommandGate;
  #listening: Listening | undefined;
  #isIdle = false;

  constructor(gate: CommandGate) {
    this.#gate = gate;
  }

  /** @throws `TIER_FAILED` when called again: a tier announces on one channel. */
  listen(channel: string, listener: BusListener): void {
    if (this.#listening !== undefined) throw new CacheError("TIER_FAILED", "The bus is listening already.");
    const echoChannel = `${channel}:echo:${randomUUID()}`;
    const subscription = new Subscription(this.#gate.client, {
      channel,
      echoChannel,
      listener,
      refusals: this.#gate.refusals,
    });
    this.#listening = { channel, echoChannel, subscription };
    if (this.#isIdle) subscription.unref();
  }

  async publish(text: string): Promise<void> {
    const { channel } = this.#begun();
    await this.#gate.run(() => this.#gate.client.publish(channel, text));
  }

  async echo(nonce: string): Promise<void> {
    const { echoChannel, subscription } = this.#begun();
    const { echoes } = subscription;
    await this.#gate.run(() => this.#gate.client.publish(echoChannel, nonce));
    // It may have been faster than the server's answer.
    if (subscription.echoes === echoes) subscription.expectEcho();
  }

  async close(): Promise<void> {
    await this.#listening?.subscription.close();
  }

  unref(): void {
    this.#isIdle = true;
    this.#listening?.subscription.unref();
  }

  announcing<T>(text: string | undefined, change: Change<T>, steps = 1): Promise<T> {
    return change(Array.from({ length: steps }, () => this.waking(text)));
  }

  waking(text: string | undefined): Announcement {
    return text === undefined || this.#listening === undefined ? [] : [this.#listening.channel, text];
  }

  #begun(): Listening {
    if (this.#listening === undefined) throw new CacheError("TIER_FAILED", "The bus has not begun to listen.");
    return this.#listening;
  }
}
