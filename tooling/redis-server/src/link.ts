import { connect, type Socket } from "node:net";
import { Pipe } from "./pipe.ts";

/** Which way bytes go: what the client sends, or what the server answers. */
export type Direction = "sent" | "answered";

/** Who hears of what a client sends. */
export interface LinkListener {
  /** Whether the connection is to be cut, before what it has sent goes through. */
  isRefused(link: Link): boolean;
  onSent(link: Link): void;
}

/** One connection through a proxy. */
export class Link {
  /** All that the client has sent. */
  sent = "";
  /** All that the server has answered, whether it has arrived or not. */
  answered = "";
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #pipes: Readonly<Record<Direction, Pipe>>;
  #cutAfter = Number.POSITIVE_INFINITY;

  constructor(near: Socket, port: number, listener: LinkListener) {
    this.#near = near.setNoDelay();
    this.#far = connect(port, "127.0.0.1").setNoDelay();
    this.#pipes = { sent: new Pipe(this.#far), answered: new Pipe(near) };
    near.on("data", (data) => {
      this.sent += data.toString("latin1");
      if (listener.isRefused(this)) return this.cut();
      this.#pipes.sent.take(data);
      listener.onSent(this);
    });
    this.#far.on("data", (data) => {
      this.answered += data.toString("latin1");
      this.#answer(data);
    });
    for (const [socket, other] of [
      [near, this.#far],
      [this.#far, near],
    ] as const) {
      socket.on("error", () => {});
      socket.on("close", () => other.destroy());
    }
  }

  get isOpen(): boolean {
    return !this.#near.destroyed;
  }

  /** From now on nothing of what the server sends arrives, until {@link thaw}. */
  freeze(): void {
    this.#pipes.answered.hold();
  }

  /** All of what the server has sent meanwhile arrives, in one piece. */
  thaw(): void {
    this.#pipes.answered.letGo();
  }

  /** From now on what goes one way is lost, and the connection stays open: it is half open. */
  drop(direction: Direction): void {
    this.#pipes[direction].lose();
  }

  /** From now on nothing goes through at all, and the connection stays open. */
  blackhole(): void {
    this.drop("sent");
    this.drop("answered");
  }

  /** From now on everything arrives so much later, in its order. The delay may be another one each time. */
  delay(delayMs: () => number): void {
    for (const pipe of Object.values(this.#pipes)) pipe.delay(delayMs);
  }

  /** From now on so many bytes go through each way in a second. */
  limit(bytesPerSecond: number): void {
    for (const pipe of Object.values(this.#pipes)) pipe.limit(bytesPerSecond);
  }

  /** Resets the connection once so many more bytes of answers have arrived: in the middle of one, it may be. */
  resetAfter(bytes: number): void {
    this.#cutAfter = bytes;
  }

  /** Closes the connection. */
  cut(): void {
    this.#near.destroy();
  }

  /** Ends the connection by a reset. */
  reset(): void {
    this.#near.resetAndDestroy();
    this.#far.destroy();
  }

  #answer(data: Buffer): void {
    if (data.byteLength < this.#cutAfter) {
      this.#cutAfter -= data.byteLength;
      return this.#pipes.answered.take(data);
    }
    // What has been written first arrives: a reset right behind it could overtake it.
    this.#near.write(data.subarray(0, this.#cutAfter), () => setImmediate(() => this.reset()));
    this.#cutAfter = Number.POSITIVE_INFINITY;
    this.#pipes.answered.lose();
  }
}
