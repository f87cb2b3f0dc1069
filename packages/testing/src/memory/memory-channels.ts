import type { BusListener } from "@tiercache/core";

/** What a memory server has under way to one listener. */
export class MemorySubscription {
  readonly channel: string;
  readonly #listener: BusListener;
  /** Another one for each connection: what was under way on an earlier one is lost. */
  #connection: object | undefined;

  constructor(channel: string, listener: BusListener) {
    this.channel = channel;
    this.#listener = listener;
    this.connect();
  }

  /** Begins to listen, or begins again after the connection has broken. */
  connect(): void {
    this.#connection = {};
    this.bring((listener) => listener.gap());
  }

  /** Has the listener hear something a little later, behind everything that was brought before. */
  bring(deliver: (listener: BusListener) => void): void {
    const connection = this.#connection;
    queueMicrotask(() => {
      if (connection !== undefined && connection === this.#connection) deliver(this.#listener);
    });
  }

  end(): void {
    this.#connection = undefined;
  }
}

/** Who listens to a memory server, and on which channel. */
export class MemoryChannels {
  readonly #subscriptions = new Set<MemorySubscription>();

  subscribe(channel: string, listener: BusListener): MemorySubscription {
    const subscription = new MemorySubscription(channel, listener);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  unsubscribe(subscription: MemorySubscription): void {
    subscription.end();
    this.#subscriptions.delete(subscription);
  }

  announce(channel: string, text: string): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.channel === channel) subscription.bring((listener) => listener.message(text));
    }
  }

  /** Breaks every connection. Each is back at once, without what was under way. */
  reconnect(): void {
    for (const subscription of this.#subscriptions) subscription.connect();
  }
}
