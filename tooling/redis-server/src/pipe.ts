import type { Socket } from "node:net";

/** One direction of a link: what it takes arrives at a socket, in its order, when and if it is let. */
export class Pipe {
  readonly #to: Socket;
  #held: Buffer[] | undefined;
  #isLosing = false;
  #delayMs: () => number = () => 0;
  #bytesPerMs = Number.POSITIVE_INFINITY;
  /** What is on its way, oldest first. */
  readonly #waiting: Buffer[] = [];
  /** When the last piece that waits will have arrived. */
  #busyUntil = 0;

  constructor(to: Socket) {
    this.#to = to;
  }

  take(data: Buffer): void {
    if (this.#isLosing) return;
    if (this.#held !== undefined) this.#held.push(data);
    else this.#send(data);
  }

  /** Keeps what it takes, until it is let go. */
  hold(): void {
    this.#held ??= [];
  }

  /** Hands on all that is held, in one piece. */
  letGo(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (held.length > 0) this.#send(Buffer.concat(held));
  }

  /** Loses what it takes from now on. */
  lose(): void {
    this.#isLosing = true;
  }

  delay(delayMs: () => number): void {
    this.#delayMs = delayMs;
  }

  limit(bytesPerSecond: number): void {
    this.#bytesPerMs = bytesPerSecond / 1_000;
  }

  #send(data: Buffer): void {
    const now = performance.now();
    const arrivesAt = Math.max(this.#busyUntil, now + this.#delayMs()) + data.byteLength / this.#bytesPerMs;
    if (arrivesAt <= now && this.#waiting.length === 0) {
      this.#to.write(data);
      return;
    }
    this.#busyUntil = arrivesAt;
    this.#waiting.push(data);
    // One timer a piece, each for the oldest: timers of nearly the same moment may fire in any order.
    setTimeout(() => {
      const oldest = this.#waiting.shift();
      if (oldest !== undefined && !this.#isLosing && !this.#to.destroyed) this.#to.write(oldest);
    }, arrivesAt - now).unref();
  }
}
