import type { ClusterNode } from "./cluster-node.ts";
import { backoffMs } from "./connection.ts";
import { Subscription, type SubscriptionParts } from "./subscription.ts";

/** What is listened for, and where that may be. */
export interface ClusterSubscriptionParts extends Pick<SubscriptionParts, "channel" | "echoChannel" | "listener"> {
  /** The nodes there are at present. */
  readonly nodes: () => readonly ClusterNode[];
}

/**
 * Listens on one node of a cluster, to which the others hand on what is published there; on another node whenever that
 * connection breaks.
 */
export class ClusterSubscription {
  readonly #parts: ClusterSubscriptionParts;
  readonly #ending = new Set<Promise<void>>();
  #subscription: Subscription | undefined;
  #turn = Math.floor(Math.random() * 1_000);
  #attempts = 0;
  #retry: NodeJS.Timeout | undefined;
  #isOpen = true;
  #isIdle = false;

  constructor(parts: ClusterSubscriptionParts) {
    this.#parts = parts;
    this.#begin();
  }

  /** Gives the present connection up: it leads nowhere. */
  giveUp(): void {
    this.#subscription?.giveUp();
  }

  /** No connection keeps the process alive by itself, now or later. */
  unref(): void {
    this.#isIdle = true;
    this.#subscription?.unref();
  }

  /** Ends listening, in bounded time. Never rejects. */
  async close(): Promise<void> {
    this.#isOpen = false;
    clearTimeout(this.#retry);
    this.#end();
    await Promise.all(this.#ending);
  }

  #begin(): void {
    const nodes = this.#parts.nodes();
    const node = nodes[this.#turn++ % Math.max(nodes.length, 1)];
    if (node === undefined) return this.#beginLater();
    const { channel, echoChannel, listener } = this.#parts;
    const subscription = new Subscription(node.client, {
      channel,
      echoChannel,
      refusals: node.gate.refusals,
      listener: {
        message: (text) => listener.message(text),
        echo: (nonce) => listener.echo(nonce),
        gap: () => {
          this.#attempts = 0;
          listener.gap();
        },
      },
      onBreak: () => {
        if (this.#subscription !== subscription) return;
        this.#end();
        this.#beginLater();
      },
    });
    this.#subscription = subscription;
    if (this.#isIdle) subscription.unref();
  }

  #beginLater(): void {
    if (!this.#isOpen) return;
    this.#retry = setTimeout(() => this.#begin(), backoffMs(this.#attempts++)).unref();
  }

  #end(): void {
    const ending = this.#subscription?.close();
    this.#subscription = undefined;
    if (ending === undefined) return;
    this.#ending.add(ending);
    void ending.then(() => this.#ending.delete(ending));
  }
}
