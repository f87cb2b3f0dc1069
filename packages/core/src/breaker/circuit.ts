import type { Breaker, BreakerCall, BreakerChange, BreakerState } from "../contracts/breaker.ts";
import type { Clock, Ms } from "../contracts/clock.ts";
import type { FailureJudge } from "./failure-judge.ts";
import { OpenTime, type OpenTimes } from "./open-time.ts";

/** What a circuit is made of. */
export interface CircuitParts extends OpenTimes {
  readonly clock: Clock;
  /** Decides when a closed one opens. */
  readonly judge: FailureJudge;
  /** How many probes may run at once in a half-open one, and how many of them have to be good; at least 1. */
  readonly probes: number;
  /** @defaultValue `Math.random` */
  readonly random?: () => number;
}

/**
 * The states of a circuit breaker (M. Nygard, Release It!, 2007) and what leads from one to another. When a closed one opens is its
 * judge's affair.
 */
export class Circuit implements Breaker {
  readonly #parts: CircuitParts;
  readonly #openTime: OpenTime;
  readonly #listeners: ((change: BreakerChange) => void)[] = [];
  /** The calls of the present closed time that have not ended, oldest first. */
  readonly #calls = new Set<BreakerCall>();
  #state: BreakerState = "closed";
  #retryAt: Ms = 0;
  #answeredAt: Ms = Number.NEGATIVE_INFINITY;
  #probing = 0;
  #good = 0;
  #probedAt: Ms = 0;

  constructor(parts: CircuitParts) {
    this.#parts = parts;
    this.#openTime = new OpenTime(parts, parts.clock, parts.random ?? Math.random);
  }

  get state(): BreakerState {
    return this.#state;
  }

  get retryInMs(): Ms {
    if (this.#state === "isolated") return Number.POSITIVE_INFINITY;
    if (this.#state !== "open") return 0;
    const leftMs = this.#retryAt - this.#now;
    // A timer may be early by so much, and the sum of two fractions off by less.
    return leftMs < 1 ? 0 : leftMs;
  }

  begin(): BreakerCall {
    const call: BreakerCall = { startedAt: this.#now };
    this.#calls.add(call);
    return call;
  }

  succeeded(call: BreakerCall): void {
    // What was begun before it last opened says nothing of now.
    if (!this.#calls.delete(call)) return;
    this.#answeredAt = this.#now;
    this.#parts.judge.succeeded(this.#answeredAt);
  }

  failed(call: BreakerCall, isLate: boolean): void {
    if (!this.#calls.delete(call)) return;
    if (this.#parts.judge.failed(this.#now, isLate ? this.#silentWith(call) : 0)) this.#open(true);
  }

  /** A call has ended in a way that says nothing. */
  forget(call: BreakerCall): void {
    this.#calls.delete(call);
  }

  probe(): boolean {
    if (this.#state === "open" && this.retryInMs === 0) {
      this.#probing = 1;
      this.#good = 0;
      this.#probedAt = this.#now;
      this.#become("half-open");
      return true;
    }
    if (this.#state !== "half-open") return false;
    // One that never ends must not keep it half-open for ever.
    if (this.#now - this.#probedAt >= this.#parts.longestOpenMs) this.#probing = 0;
    if (this.#probing + this.#good >= this.#parts.probes) return false;
    this.#probing++;
    this.#probedAt = this.#now;
    return true;
  }

  probed(isGood: boolean): void {
    if (this.#state !== "half-open") return;
    if (!isGood) return this.#open(false);
    this.#probing = Math.max(0, this.#probing - 1);
    this.#good++;
    if (this.#good >= this.#parts.probes) this.#close();
  }

  /** A probe has ended in a way that says nothing: another one may be made. */
  forgetProbe(): void {
    this.#probing = Math.max(0, this.#probing - 1);
  }

  retrySoon(): void {
    if (this.#state === "open") this.#retryAt = this.#now;
  }

  onChange(listener: (change: BreakerChange) => void): void {
    this.#listeners.push(listener);
  }

  isolate(): void {
    this.#calls.clear();
    this.#become("isolated");
  }

  release(): void {
    if (this.#state !== "isolated") return;
    this.#retryAt = this.#now;
    this.#become("open");
  }

  /** Opens it by hand, as failures would. */
  open(): void {
    if (this.#state === "closed" || this.#state === "half-open") this.#open(true);
  }

  get #now(): Ms {
    return this.#parts.clock.now();
  }

  /**
   * How many others have had no answer for at least half as long as the one that was given up, if nothing was answered since that
   * began. A single slow call does not stand for all while others are answered.
   */
  #silentWith({ startedAt }: BreakerCall): number {
    if (this.#answeredAt >= startedAt) return 0;
    const longEnough = (startedAt + this.#now) / 2;
    let silent = 0;
    for (const other of this.#calls) {
      if (other.startedAt > longEnough) break;
      silent++;
    }
    return silent;
  }

  #open(isFirst: boolean): void {
    this.#calls.clear();
    this.#retryAt = this.#now + this.#openTime.next(isFirst);
    this.#become("open");
  }

  #close(): void {
    this.#parts.judge.reset();
    this.#openTime.closed();
    this.#become("closed");
  }

  #become(state: BreakerState): void {
    const was = this.#state;
    if (was === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener({ state, was });
  }
}
