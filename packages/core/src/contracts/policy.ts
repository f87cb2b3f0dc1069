import type { RemoteOperation } from "./observer.ts";

/** What a policy is told of an attempt: enough for a span or a count, and nothing of keys or values. */
export interface Operation {
  /** What is done: `"load"` for a loader, else what is asked of a remote tier. */
  readonly kind: RemoteOperation | "publish" | "load";
  /** The name of the tier, or of the loader's function. */
  readonly target: string;
  /** How many keys it is about; 0 where it is about none. */
  readonly keys: number;
}

/** What an attempt is given. */
export interface AttemptContext {
  /** Fires when nobody waits for the attempt any longer, or when a policy around it has given it up. */
  readonly signal: AbortSignal;
}

/**
 * A rule around one attempt at something that may fail: it may run the attempt, run it again, give it up, or refuse it. It knows
 * nothing of caches. The policies of cockatiel fit here as they are.
 */
export interface Policy {
  /**
   * @param attempt - What is to be done, as often as the policy sees fit.
   * @param signal - Fires when nobody waits any longer.
   * @throws (rejects) What the attempt throws, or the policy's own refusal.
   */
  execute<T>(
    attempt: (context: AttemptContext) => PromiseLike<T> | T,
    signal?: AbortSignal,
    operation?: Operation,
  ): Promise<T>;
}
