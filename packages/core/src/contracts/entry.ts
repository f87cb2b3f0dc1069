import type { Ms } from "./clock.ts";

/**
 * A cached value and its instants, in this process's monotonic clock, with `createdAt ≤ expiresAt`.
 *
 * Every entry is made with the same fields in the same order, so that all entries share one hidden class.
 */
export interface Entry<V> {
  /** `undefined` is a value too: the loader said that there is none. */
  readonly value: V;
  /** The resolved promise handed to every awaiting hit, made on the first one. */
  promise: Promise<V> | undefined;
  /** When the value was loaded or set, wherever that happened. */
  readonly createdAt: Ms;
  /** From here on the entry answers no more. `Infinity` for never. */
  readonly expiresAt: Ms;
}
