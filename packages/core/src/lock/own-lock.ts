import type { HeldLock } from "./held-lock.ts";

/** The last token that was given out in this process. */
let lastToken = 0;

/** A lock among the callers of one process, who cannot die without one another: nothing of it can be lost. */
export class OwnLock implements HeldLock {
  readonly name: string;
  readonly token: number;
  readonly signal: AbortSignal;
  readonly isHeld = true;

  /** @param caller - Fires when the caller leaves or the cache is closed. */
  constructor(name: string, caller: AbortSignal) {
    // Higher than those of the process before this one, as far as the clock of the machine goes on.
    lastToken = Math.max(lastToken + 1, Date.now() * 1_000);
    this.name = name;
    this.token = lastToken;
    this.signal = caller;
  }
}
