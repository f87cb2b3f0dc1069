/** A lock, as the work that is done under it sees it. */
export interface HeldLock {
  readonly name: string;
  /**
   * The fencing token: a whole number that is higher each time the lock changes hands. Hand it to whatever the lock protects,
   * and have that refuse a lower one than it has seen: that, and not the lock, is what keeps two holders apart.
   */
  readonly token: number;
  /**
   * Fires when the lock may no longer be held, with a `LOCK_LOST`; when the caller's own signal fires, with its reason; and
   * when the cache is closed, with `CLOSED`. It is late after a pause of the process: see {@link isHeld}.
   */
  readonly signal: AbortSignal;
  /**
   * Whether the lock is still held, by the lease that was last confirmed and this process's clock; to be asked before each
   * step that has an effect. Right also after a pause of the process, before any timer has run.
   */
  readonly isHeld: boolean;
}
