import type { CancelTimer, Clock, Ms } from "../contracts/clock.ts";
import { CacheError } from "../errors.ts";
import type { Endable } from "../lifetime.ts";
import { describe } from "../option-rules.ts";
import type { HeldLock } from "./held-lock.ts";

/** What a grant needs to stay held. */
export interface GrantParts {
  readonly name: string;
  readonly token: number;
  readonly clock: Clock;
  readonly leaseMs: Ms;
  /** When the request that was granted was sent. */
  readonly askedAt: Ms;
  /** Has the lease begin anew: whether it is still held, `undefined` where nobody knows. Must not reject. */
  prolong(): Promise<boolean | undefined>;
  /** Called once, when it may no longer be held. */
  lost(): void;
}

/** How often a lease is prolonged while it lasts; of three attempts two may fail. */
const PROLONGED_IN_A_LEASE = 3;

/** How far the paces of two clocks may be apart, as a part. */
const DRIFT = 0.01;

/** A lock that was granted by a tier, kept by prolonging its lease until it is ended, or lost. */
export class Grant implements HeldLock, Endable {
  readonly name: string;
  readonly token: number;
  readonly #parts: GrantParts;
  readonly #controller = new AbortController();
  /** Until then the tier gives the lock to nobody else, whatever becomes of the calls under way. */
  #sureUntil: Ms;
  #hasEnded = false;
  #cancelProlonging: CancelTimer;
  #cancelLoss: CancelTimer;

  constructor(parts: GrantParts) {
    this.name = parts.name;
    this.token = parts.token;
    this.#parts = parts;
    this.#sureUntil = this.#sureFrom(parts.askedAt);
    this.#cancelLoss = this.#lossTimer();
    this.#cancelProlonging = this.#prolongLater();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isHeld(): boolean {
    return !this.#hasEnded && this.#parts.clock.now() < this.#sureUntil;
  }

  /** Fires the signal. The lock is held on: the work is not done yet. */
  abandon(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /**
   * The work is done: the lease is prolonged no longer.
   *
   * @returns Whether the lock was held all the time, as far as is known here.
   */
  end(): boolean {
    if (!this.isHeld) this.#lose();
    const { isHeld } = this;
    this.#stop();
    return isHeld;
  }

  /** It may be held by somebody else by now. */
  #lose(): void {
    if (this.#hasEnded) return;
    this.#stop();
    this.abandon(lockLost(this.name));
    this.#parts.lost();
  }

  #stop(): void {
    this.#hasEnded = true;
    this.#cancelLoss();
    this.#cancelProlonging();
  }

  /** From the sending of a request on: the tier cannot have begun to count before. */
  #sureFrom(askedAt: Ms): Ms {
    return askedAt + this.#parts.leaseMs * (1 - DRIFT);
  }

  #lossTimer(): CancelTimer {
    const { clock } = this.#parts;
    return clock.after(Math.max(0, this.#sureUntil - clock.now()), () => this.#lose());
  }

  #prolongLater(): CancelTimer {
    const { clock, leaseMs } = this.#parts;
    return clock.after(leaseMs / PROLONGED_IN_A_LEASE, () => {
      this.#cancelProlonging = this.#prolongLater();
      void this.#prolong();
    });
  }

  async #prolong(): Promise<void> {
    const askedAt = this.#parts.clock.now();
    const isHeld = await this.#parts.prolong();
    if (this.#hasEnded || isHeld === undefined) return;
    // An answer that comes after the end of what was sure says nothing of the time between.
    if (!isHeld || !this.isHeld) {
      this.#lose();
      return;
    }
    this.#sureUntil = Math.max(this.#sureUntil, this.#sureFrom(askedAt));
    this.#cancelLoss();
    this.#cancelLoss = this.#lossTimer();
  }
}

/** The error of a lock that may have been held by two. */
export function lockLost(name: string): CacheError {
  return new CacheError("LOCK_LOST", `The lock ${describe(name)} was lost before the work under it had ended.`);
}
