import type { Clock, Ms } from "../contracts/clock.ts";
import { CacheError } from "../errors.ts";
import { LazySignal } from "../lazy-signal.ts";

/** How long an attempt may take, and by which clock. */
export interface Deadline {
  readonly clock: Clock;
  readonly deadlineMs: Ms;
}

/** A timer that is so late was kept from running. */
const PAUSE_MS: Ms = 50;

/**
 * Runs one operation and answers after the deadline at the latest. An operation that ends later is ignored, whether it
 * succeeds or fails.
 *
 * @throws {@link CacheError} `TIER_TIMEOUT` at the deadline; else what the operation throws.
 */
export function attempt<T>(deadline: Deadline, operation: (call: LazySignal) => Promise<T>): Promise<T> {
  const call = new LazySignal();
  return new Promise<T>((resolve, reject) => {
    const { clock, deadlineMs } = deadline;
    const dueAt = clock.now() + deadlineMs;
    const giveUp = (): void => {
      const reason = new CacheError("TIER_TIMEOUT", `A remote tier gave no answer within ${deadlineMs} ms.`);
      reject(reason);
      call.abandon(reason);
    };
    // After a pause of this process its timers are first; an answer that has arrived meanwhile shall be heard before they count.
    const cancel = clock.after(deadlineMs, () => {
      if (clock.now() - dueAt < PAUSE_MS) giveUp();
      else setImmediate(giveUp);
    });
    const failed = (error: unknown): void => {
      cancel();
      // The tier's own error is handed on as it is: the caller reports it by its code.
      reject(error);
    };
    try {
      operation(call).then((result) => {
        cancel();
        resolve(result);
      }, failed);
    } catch (error) {
      failed(error);
    }
  });
}
