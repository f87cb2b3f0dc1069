import type { Ms } from "./clock.ts";

/** Tells one incarnation of a tag from every other one: 64 random bits. Compared for equality and nothing else. */
export type Token = bigint;

/**
 * One incarnation of a tag, shared by all that was made under it in this process. It ends once, for all of them in that moment, and
 * never begins again: what comes after it is another one.
 */
export interface Stamp {
  /** The tag, as the remote tiers know it: escaped, or hidden where keys are. */
  readonly tag: string;
  /** What remote tiers know the incarnation by; `undefined` where there is none, and until it has been learned. */
  readonly token: Token | undefined;
  /** Whether what was made under it may be believed. On the path of every hit of a tagged entry. */
  readonly isCurrent: boolean;
  /**
   * Since when that is no longer so: `Infinity` while it is; an instant where it was invalidated; `-Infinity` where it was
   * deleted, and nothing made under it may ever answer again.
   */
  readonly endedAt: Ms;
}
