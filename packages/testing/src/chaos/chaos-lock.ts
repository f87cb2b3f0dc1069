import type { Lock, LockCall, LockEnd, LockRelease, ProlongCall } from "@tiercache/core";
import type { ChaosThrough } from "./chaos-fence.ts";

/** The locks of a chaos tier. */
export class ChaosLock implements Lock {
  readonly #lock: Lock;
  readonly #through: ChaosThrough;

  constructor(lock: Lock, through: ChaosThrough) {
    this.#lock = lock;
    this.#through = through;
  }

  acquire(key: string, call: LockCall): Promise<LockEnd> {
    return this.#through({ operation: "lock", keys: [key] }, () => this.#lock.acquire(key, call));
  }

  prolong(key: string, call: ProlongCall): Promise<boolean> {
    return this.#through({ operation: "prolong", keys: [key] }, () => this.#lock.prolong(key, call));
  }

  release(key: string, release: LockRelease): Promise<boolean> {
    const call = { operation: "unlock", keys: [key], text: release.announce } as const;
    return this.#through(call, () => this.#lock.release(key, release));
  }
}
