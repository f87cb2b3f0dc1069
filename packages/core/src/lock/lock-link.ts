import type { Ms } from "../contracts/clock.ts";
import type { Lock, LockEnd } from "../contracts/lock.ts";
import { announcing, calling } from "../remote/call-parts.ts";
import type { Losses } from "../remote/losses.ts";
import type { CallEnd, TierCalls } from "../remote/tier-calls.ts";

/** Whose lock it is: under which key, by which owner, for how long. */
export interface LockClaim {
  readonly key: string;
  readonly owner: string;
  readonly leaseMs: Ms;
}

/** The tier that locks, as the cache reaches it. */
export interface LockPlace {
  readonly calls: TierCalls;
  readonly losses: Losses;
}

/** The cache's end of a tier that can lock. Nothing here ever rejects. */
export class LockLink {
  readonly #lock: Lock;
  readonly #announces: boolean;
  readonly #calls: TierCalls;
  readonly #losses: Losses;
  /** The highest token that this process was ever told, of any lock: all of them are the time of the same tier. */
  #highest = 0;

  /** @param announces - Whether what its tier announces is heard by caches. */
  constructor(lock: Lock, announces: boolean, { calls, losses }: LockPlace) {
    this.#lock = lock;
    this.#announces = announces;
    this.#calls = calls;
    this.#losses = losses;
  }

  /** How often the tier has lost something of what it had acknowledged: locks, perhaps. */
  get losses(): number {
    return this.#losses.count;
  }

  async acquire({ key, ...claim }: LockClaim): Promise<CallEnd<LockEnd>> {
    const end = await this.#calls.make("lock", (call) =>
      this.#lock.acquire(key, Object.assign(calling(call), claim, { above: this.#highest })),
    );
    if ("answer" in end && end.answer.isHeld) this.#highest = Math.max(this.#highest, end.answer.token);
    return end;
  }

  /** Resolves to whether the lock is still held; `undefined` where nobody knows. */
  async prolong({ key, ...claim }: LockClaim): Promise<boolean | undefined> {
    const end = await this.#calls.make("prolong", (call) =>
      this.#lock.prolong(key, Object.assign(calling(call), claim)),
    );
    return "answer" in end ? end.answer : undefined;
  }

  /** Resolves to whether the lock was still held; `undefined` where nobody knows. */
  async release({ key, owner }: LockClaim, announce: string | undefined): Promise<boolean | undefined> {
    const end = await this.#calls.make("unlock", (call) =>
      this.#lock.release(key, Object.assign(announcing(call, this.#announces ? announce : undefined), { owner })),
    );
    return "answer" in end ? end.answer : undefined;
  }
}
