import type { Clock, EpochMs, Ms } from "@tiercache/core";

/**
 * What `TIME` answers: `[seconds, microseconds]`, the whole seconds since 1970 and the microseconds since then. As text
 * or as numbers: that depends on the protocol and on the options of a client.
 */
export type TimeReply = readonly (string | number)[];

/** What a server's time is learned by. */
export interface ServerTimeParts {
  readonly clock: Pick<Clock, "now">;
  /** Asks the server. May reject. */
  ask(): Promise<TimeReply>;
}

interface Sample {
  /** The server's time minus the clock's. */
  readonly offsetMs: Ms;
  /** How far off that may be: half the round trip. */
  readonly errorMs: Ms;
  readonly learnedAt: Ms;
}

/** The answer is as good as it was for this long; then the next command asks again. */
const REFRESH_AFTER_MS = 10_000;

/**
 * A server's own time, as an offset to this process's clock. The answer is taken to have been given half way between
 * question and arrival, so it is off by half the round trip at most.
 */
export class ServerTime {
  readonly #parts: ServerTimeParts;
  #sample: Sample | undefined;
  #asking: Promise<void> | undefined;
  /** Which connection the time was learned on. Another one may lead to another server. */
  #connection = 0;
  #askedAt = 0;

  constructor(parts: ServerTimeParts) {
    this.#parts = parts;
  }

  /** The server's time, or `undefined` until it has been learned on the present connection. */
  now(): EpochMs | undefined {
    return this.#sample === undefined ? undefined : this.#parts.clock.now() + this.#sample.offsetMs;
  }

  /** Forgets the time, and the answer to a question that is still open. */
  forget(): void {
    this.#connection++;
    this.#sample = undefined;
    this.#asking = undefined;
  }

  /**
   * Learns the time; who asks meanwhile waits for the same answer.
   *
   * @throws (rejects) What asking throws.
   */
  learn(): Promise<void> {
    if (this.#asking !== undefined) return this.#asking;
    this.#askedAt = this.#parts.clock.now();
    const asking = this.#ask(this.#askedAt, this.#connection).finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    // Whoever needs the answer hears of a failure; nobody has to.
    asking.catch(() => {});
    this.#asking = asking;
    return asking;
  }

  /** Learns the time anew, behind the caller's back, if it was learned too long ago or not at all. */
  keepFresh(): void {
    if (this.#sample === undefined || this.#parts.clock.now() - this.#askedAt >= REFRESH_AFTER_MS) void this.learn();
  }

  async #ask(askedAt: Ms, connection: number): Promise<void> {
    const [seconds, microseconds] = await this.#parts.ask();
    const learnedAt = this.#parts.clock.now();
    const serverNow = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
    if (connection !== this.#connection || !Number.isFinite(serverNow)) return;
    const errorMs = (learnedAt - askedAt) / 2;
    this.#take({ offsetMs: serverNow + errorMs - learnedAt, errorMs, learnedAt });
  }

  /** A less exact answer is no reason to give up a better one, unless it shows that the server's clock was set. */
  #take(sample: Sample): void {
    const known = this.#sample;
    const better = known === undefined || sample.errorMs <= known.errorMs;
    if (better || Math.abs(sample.offsetMs - known.offsetMs) > sample.errorMs + known.errorMs) this.#sample = sample;
  }
}
