import { type EpochMs, type RemoteCall, systemClock } from "@tiercache/core";
import type { Redis } from "ioredis";
import type { Connection } from "./connection.ts";
import { failureOf } from "./failure.ts";
import { Refusals } from "./refusals.ts";
import { ServerIdentity } from "./server-identity.ts";
import { ServerTime } from "./server-time.ts";
import { type Corkable, TickCork } from "./tick-cork.ts";

/** A command that waits until it is known which server answers. */
interface Waiting {
  go(): void;
  refuse(error: Error): void;
}

/**
 * Where every command for a server goes through. On each new connection the server is asked who it is before any command is
 * sent to it, so that a loss is known before it can be read. What comes meanwhile waits, in its order, and fails if it is
 * another one; without a connection it fails at once, even on a client that would keep it for later.
 */
export class CommandGate {
  readonly client: Redis;
  readonly #connection: Connection;
  readonly #time: ServerTime;
  readonly #identity: ServerIdentity;
  readonly #refusals: Refusals;
  readonly #cork = new TickCork();
  readonly #onLoss: (() => void)[] = [];
  readonly #onOpen: (() => void)[] = [];
  #waiting: Waiting[] = [];
  #isOpening = false;
  #isClosed = false;
  /** Whether another server has answered and nobody was told yet: the connection may break in between. */
  #hasLost = false;
  /** Whether it is known which server answers on the present connection. */
  #isKnown = false;
  #broken = breaking();

  constructor(connection: Connection, refusals: Refusals = new Refusals()) {
    const { client } = connection;
    this.#refusals = refusals;
    this.client = client;
    this.#connection = connection;
    this.#time = new ServerTime({ clock: systemClock, ask: () => this.#noted(client.time()) });
    this.#identity = new ServerIdentity(() => this.#noted(client.info("server")));
    client.on("ready", this.#onReady);
    client.on("close", this.#onBreak);
    client.on("error", this.#onRefusal);
    if (client.status === "ready") this.#onReady();
  }

  /** What this server has refused so far is told by it. */
  get refusals(): Refusals {
    return this.#refusals;
  }

  /** The server's time, or `undefined` while it is unknown. */
  now(): EpochMs | undefined {
    return this.#time.now();
  }

  /**
   * Asks for the server's time.
   *
   * @throws (rejects) What the client throws.
   */
  learnTime(): Promise<void> {
    return this.#time.learn();
  }

  /** Asks for the server's time behind the caller's back, if that was learned too long ago. */
  keepTimeFresh(): void {
    if (this.#isOpen) this.#time.keepFresh();
  }

  /** Whether a command given now leaves at once, its bytes copied before the call returns. */
  get sendsAtOnce(): boolean {
    return this.#isOpen && this.client.options.enableAutoPipelining !== true;
  }

  /** Has `listener` called when another server answers. What it sends is the first that server gets; what waits is refused. */
  onLoss(listener: () => void): void {
    this.#onLoss.push(listener);
  }

  /** Has `listener` called whenever it is known which server answers on a new connection. */
  onOpen(listener: () => void): void {
    this.#onOpen.push(listener);
  }

  /**
   * Sends a command as soon as it is known which server answers. One that nobody waits for by then is not sent.
   *
   * @throws (rejects) `TIER_FAILED`.
   */
  run<T>(command: (client: Redis) => Promise<T>, call?: RemoteCall): Promise<T> {
    if (this.#isOpen) return this.#sent(command);
    return new Promise<T>((resolve, refuse) => {
      const go = (): void => {
        if (call?.signal.aborted === true) refuse(call.signal.reason);
        else resolve(this.#sent(command));
      };
      this.#waiting.push({ go, refuse });
      void this.#open();
    });
  }

  /** Has the connection not keep the process alive by itself, if it is ours. */
  unref(): void {
    this.#connection.unref();
  }

  /** Refuses what waits and what comes, and ends the connection if it is ours. Never rejects. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.client.off("ready", this.#onReady);
    this.client.off("close", this.#onBreak);
    this.client.off("error", this.#onRefusal);
    this.#onBreak();
    return this.#connection.close();
  }

  get #isOpen(): boolean {
    return this.#isKnown && this.isConnected;
  }

  /** Whether there is a connection at present. */
  get isConnected(): boolean {
    // While a connection is being ended the client is still ready, and might keep a command for the next one.
    return this.client.status === "ready" && this.#stream?.writable !== false;
  }

  get #stream(): (Corkable & { readonly writable: boolean }) | undefined {
    return (this.client as { readonly stream?: Corkable & { readonly writable: boolean } }).stream;
  }

  #sent<T>(command: (client: Redis) => Promise<T>): Promise<T> {
    // The server answers in order, so the time is known when the command's reply is there.
    this.#time.keepFresh();
    const broken = this.#broken;
    this.#cork.hold(this.#stream);
    return command(this.client).then(
      (answer) => {
        // Some clients send a command again on the next connection, before it is known where that leads.
        if (broken !== this.#broken) throw failureOf(notConnected());
        return answer;
      },
      (error: unknown) => {
        this.#onRefusal(error);
        throw failureOf(error);
      },
    );
  }

  async #open(): Promise<void> {
    if (this.#isOpening || this.#isOpen) return;
    this.#isOpening = true;
    try {
      await this.#meet();
      this.#isKnown = true;
      // After a loss, what waits was given by somebody who did not know of it, and would read what is to be removed first.
      const isLost = this.#tellLoss();
      this.#settle((waiting) => (isLost ? waiting.refuse(failureOf(notConnected())) : waiting.go()));
      for (const listener of this.#onOpen) listener();
    } catch (error) {
      const failure = failureOf(error);
      this.#settle((waiting) => waiting.refuse(failure));
    } finally {
      this.#isOpening = false;
    }
  }

  /** All at once, so that nothing that comes later overtakes them. */
  #settle(end: (waiting: Waiting) => void): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (const waiting of all) end(waiting);
  }

  /** Asks who answers, and for the time in the same trip. */
  async #meet(): Promise<void> {
    await this.#connection.attempted();
    if (this.#isClosed || !this.isConnected) throw notConnected();
    const broken = this.#broken;
    const answered = this.#identity.isAnother().then((isAnother) => {
      this.#hasLost ||= isAnother;
    });
    this.#time.keepFresh();
    await Promise.race([answered, broken.promise]);
    if (broken !== this.#broken) throw notConnected();
    this.#refusals.probe(this.client);
  }

  #tellLoss(): boolean {
    const hasLost = this.#hasLost;
    this.#hasLost = false;
    if (hasLost) for (const listener of this.#onLoss) listener();
    return hasLost;
  }

  async #noted<T>(answer: Promise<T>): Promise<T> {
    answer.catch(this.#onRefusal);
    return answer;
  }

  readonly #onRefusal = (error: unknown): void => this.#refusals.note(error);

  readonly #onReady = (): void => {
    void this.#open();
  };

  readonly #onBreak = (): void => {
    this.#isKnown = false;
    this.#time.forget();
    this.#broken.reject(notConnected());
    this.#broken = breaking();
  };
}

/** A promise that is rejected when the connection breaks: a client does not answer all that was asked by then. */
function breaking(): PromiseWithResolvers<never> {
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  return broken;
}

function notConnected(): Error {
  return new Error("Connection is closed.");
}
