import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { StaleReason } from "../contracts/observer.ts";
import type { Reading } from "../contracts/reading.ts";

/** Where an answer came from. */
export interface Origin {
  /** The name of a tier, or `"loader"`. */
  readonly source: string;
  readonly createdAt: Ms;
  readonly stale: StaleReason | undefined;
}

/** A value and where it came from; no origin where no tier had any. */
export interface Answer<V> {
  readonly value: V;
  readonly origin: Origin | undefined;
}

/** Who waits for many answers at once, and knows a place for each: to wait for a promise of each takes more than all the rest. */
export interface AnswerListener<V> {
  answered(place: number, value: V): void;
  failed(place: number, reason: unknown): void;
}

/** The answer that an entry gives. */
export function answerOf<V>(entry: Entry<V>, source: string, stale?: StaleReason): Answer<V> {
  return { value: entry.value, origin: { source, createdAt: entry.createdAt, stale } };
}

/** An entry that is at hand, and the tier that has it. */
export interface Find<V> {
  readonly entry: Entry<V>;
  readonly tier: string;
}

/** An answer as its reader is told of it. */
export function readingOf<V>({ value, origin }: Answer<V>, now: () => Ms): Reading<V> {
  if (origin === undefined) return { value, source: undefined, ageMs: undefined, stale: undefined };
  const { source, createdAt, stale } = origin;
  return { value, source, ageMs: Math.max(0, now() - createdAt), stale };
}
