import assert from "node:assert/strict";
import type { Lock, LockEnd, Ms } from "@tiercache/core";
import { RemoteTrial } from "./remote-trial.ts";

const LONG_MS = 60_000;

/** What a case gives to an attempt to lock besides the name and the owner. */
export interface LockAsk {
  /** @defaultValue a minute */
  readonly leaseMs?: Ms;
  /** @defaultValue 0 */
  readonly above?: number;
}

/** One tier in one case of the suite of locks. */
export class LockTrial extends RemoteTrial {
  get lock(): Lock {
    const { lock } = this.tier;
    assert.ok(lock !== undefined, "the tier can lock");
    return lock;
  }

  acquire(name: string, owner: string, ask: LockAsk = {}): Promise<LockEnd> {
    return this.lock.acquire(this.key(name), { ...this.call, owner, leaseMs: LONG_MS, above: 0, ...ask });
  }

  /** The token of a lock that is free. */
  async locks(name: string, owner: string, ask: LockAsk = {}): Promise<number> {
    const end = await this.acquire(name, owner, ask);
    assert.ok(end.isHeld, "the lock is granted");
    assert.ok(Number.isSafeInteger(end.token) && end.token > 0, `${end.token} is a whole number above 0`);
    return end.token;
  }

  /** Asserts that a lock is somebody else's, and returns for how long. */
  async isRefused(name: string, owner: string): Promise<Ms> {
    const end = await this.acquire(name, owner);
    assert.ok(!end.isHeld, "the lock is not granted");
    return end.leftMs;
  }

  prolong(name: string, owner: string, leaseMs: Ms = LONG_MS): Promise<boolean> {
    return this.lock.prolong(this.key(name), { ...this.call, owner, leaseMs });
  }

  release(name: string, owner: string, announce?: string): Promise<boolean> {
    return this.lock.release(this.key(name), { ...this.call, owner, announce });
  }
}
