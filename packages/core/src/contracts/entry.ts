import type { Ms } from "./clock.ts";
import type { Stamp } from "./stamp.ts";

/**
 * A cached value and its instants, in this process's monotonic clock, with
 * `createdAt ≤ refreshAt ≤ freshUntil ≤ expiresAt`.
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
  /** From here on a hit is still a hit, but starts a refresh behind the reader's back. The one instant a hit looks at. */
  readonly refreshAt: Ms;
  /** From here on the value is stale: it answers only where the rules allow a stale answer. `Infinity` for never. */
  readonly freshUntil: Ms;
  /** From here on the entry is of no use to anyone. */
  readonly expiresAt: Ms;
  /** How long the loader took to make the value; 0 for one that was set. */
  readonly loadMs: Ms;
  /** Whether its origin is known to have changed since: it is not fresh, and answers only where a load has failed or is late. */
  readonly invalidated: boolean;
  /** How the origin names this version of the value, if the loader has said so; for a conditional refresh. */
  readonly etag: string | undefined;
  /** The tags it was made under: it answers while all of them are current. `undefined` for none. Given before anybody reads it. */
  stamps: readonly Stamp[] | undefined;
  /**
   * In which epoch of the certificate it was kept: it answers by itself only in that one. Without a bus there is but one.
   */
  epoch: number;
  /** Until then a stale value is served without trying to load: the last load failed. */
  retryLoadAt: Ms;
}
