import type { BusListener, Ms } from "@tiercache/core";
import type { Redis } from "ioredis";
import { backoffMs, ended, ignore, listeningClient, unref } from "./connection.ts";
import type { Refusals } from "./refusals.ts";

/** What is listened for. */
export interface SubscriptionParts {
  readonly channel: string;
  readonly echoChannel: string;
  readonly listener: BusListener;
  readonly refusals: Refusals;
  /** The connection has broken. It is made anew all the same, unless this closes the subscription. */
  readonly onBreak?: () => void;
}

/** How long an echo that the server has taken may be on its way back before the connection is given up. */
export const ECHO_WITHIN_MS: Ms = 1_000;

/**
 * A connection that listens, and is made anew for ever. Nothing is heard before the listener has been told of the gap: an
 * echo that came ahead of it would seem to prove that there was none.
 */
export class Subscription {
  readonly #client: Redis;
  readonly #parts: SubscriptionParts;
  #isHearing = false;
  #isClosed = false;
  #isIdle = false;
  #echoes = 0;
  #attempts = 0;
  #overdue: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(model: Redis, parts: SubscriptionParts) {
    this.#parts = parts;
    // The client's own count begins anew with each connection, also when nothing can be subscribed to there.
    this.#client = listeningClient(model, () => backoffMs(++this.#attempts));
    this.#client.on("error", (error) => parts.refusals.note(error));
    this.#client.on("message", this.#onMessage);
    this.#client.on("ready", this.#onReady);
    this.#client.on("close", this.#onClose);
    this.#client.on("end", this.#onEnd);
    this.#connect();
  }

  /** How many echoes have come back so far. */
  get echoes(): number {
    return this.#echoes;
  }

  /**
   * Says that an echo is on its way. A connection on which none comes back in time leads nowhere, though it may look alive: the
   * server hangs, the network drops what it sends, or it is another server by now. It is given up.
   */
  expectEcho(): void {
    if (!this.#isHearing || this.#overdue !== undefined) return;
    const overdue = setTimeout(() => {
      // After a pause of this process the timer is first; what has arrived meanwhile shall be heard before it counts.
      setImmediate(() => {
        if (this.#overdue !== overdue) return;
        this.#expectNone();
        this.giveUp();
      });
    }, ECHO_WITHIN_MS);
    this.#overdue = overdue.unref();
  }

  /** The connection does not keep the process alive by itself. */
  unref(): void {
    this.#isIdle = true;
    this.#retry?.unref();
    unref(this.#client);
  }

  /** Gives the present connection up. */
  giveUp(): void {
    if (this.#isHearing) this.#client.disconnect(true);
  }

  /** Ends the connection, in bounded time. Never rejects. */
  close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#onClose();
    return ended(this.#client);
  }

  readonly #onReady = (): void => {
    const { channel, echoChannel } = this.#parts;
    this.#client.subscribe(channel, echoChannel).then(this.#onSubscribed, (error: unknown) => {
      this.#parts.refusals.note(error);
      // Refused, or not acknowledged in time; or the connection has broken, and is being made anew already.
      if (this.#client.status === "ready") this.#client.disconnect(true);
    });
  };

  readonly #onSubscribed = (): void => {
    if (this.#isClosed) return;
    this.#attempts = 0;
    this.#isHearing = true;
    this.#parts.listener.gap();
  };

  readonly #onMessage = (channel: string, text: string): void => {
    if (!this.#isHearing) return;
    if (channel === this.#parts.channel) return this.#parts.listener.message(text);
    this.#echoes++;
    this.#expectNone();
    this.#parts.listener.echo(text);
  };

  readonly #onClose = (): void => {
    this.#isHearing = false;
    this.#expectNone();
    if (!this.#isClosed) this.#parts.onBreak?.();
  };

  /** A client goes on by itself after most failures, but not when no Sentinel answers. */
  readonly #onEnd = (): void => {
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => this.#connect(), backoffMs(++this.#attempts));
    if (this.#isIdle) this.#retry.unref();
  };

  #connect(): void {
    this.#client.connect().catch(ignore);
  }

  #expectNone(): void {
    clearTimeout(this.#overdue);
    this.#overdue = undefined;
  }
}
