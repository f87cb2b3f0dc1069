import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { StaleReason } from "../contracts/observer.ts";
import type { Stamp } from "../contracts/stamp.ts";
import { keepable } from "./isolation.ts";
import type { EntryRules } from "./rules.ts";

/** When a value was made, and how long that took. */
export interface Making {
  readonly now: Ms;
  /** 0 for a value that was set. */
  readonly loadMs: Ms;
  readonly etag?: string | undefined;
  readonly stamps?: readonly Stamp[] | undefined;
}

/** The instants that travel with an entry; the others follow from them by the reader's own rules. */
export type Lifespan = Pick<Entry<unknown>, "createdAt" | "freshUntil" | "expiresAt" | "loadMs" | "etag"> &
  Partial<Pick<Entry<unknown>, "invalidated" | "stamps">>;

/** The part of its life after which a sliding entry is renewed by a hit. */
const RENEW_AFTER = 0.1;

/**
 * Makes the entry of a value that was just loaded or set, or `undefined` where the rules say that it is not kept.
 *
 * @throws What {@link keepable} throws for a value that is to be cloned and cannot.
 */
export function newEntry<V>(value: V, making: Making, rules: EntryRules): Entry<V> | undefined {
  const lifespan = newLifespan(value, making, rules);
  return lifespan && entryOver(keepable(value, rules.isolate), lifespan, rules);
}

/** Makes an entry from the instants it came with. */
export function entryOver<V>(value: V, lifespan: Lifespan, rules: EntryRules): Entry<V> {
  return build(value, lifespan, refreshInstant(lifespan, rules));
}

/** A sliding entry with the life that it has from now on, or `undefined` where the rules say that it has none. */
export function prolonged<V>(entry: Entry<V>, now: Ms, rules: EntryRules): Entry<V> | undefined {
  const { value, loadMs, etag, stamps } = entry;
  const lifespan = newLifespan(value, { now, loadMs, etag, stamps }, rules);
  // Its value is one that is kept already.
  return lifespan && entryOver(value, lifespan, rules);
}

/** The entry as the local tier may hold it, with its freshness capped from `now` on. */
export function localCopy<V>(entry: Entry<V>, now: Ms, rules: EntryRules): Entry<V> {
  const cappedUntil = now + (rules.localTtlMs ?? Number.POSITIVE_INFINITY);
  if (cappedUntil >= entry.freshUntil) return entry;
  const { value, createdAt, loadMs, etag, invalidated, stamps } = entry;
  const expiresAt = cappedUntil + (entry.expiresAt - entry.freshUntil);
  const refreshAt = Math.min(entry.refreshAt, cappedUntil);
  return build(value, { createdAt, freshUntil: cappedUntil, expiresAt, loadMs, etag, invalidated, stamps }, refreshAt);
}

/** Whether none of the tags that an entry was made under has ended. */
export function isCurrent({ stamps }: Entry<unknown>): boolean {
  return stamps === undefined || areCurrent(stamps);
}

/** Whether all of some incarnations of tags are current. On the path of every hit of a tagged entry. */
export function areCurrent(stamps: readonly Stamp[]): boolean {
  for (let at = 0; at < stamps.length; at++) if (stamps[at]?.isCurrent !== true) return false;
  return true;
}

/** Whether nothing may allow an entry to answer: a tag that it was made under was deleted. */
export function isGone({ stamps }: Entry<unknown>): boolean {
  return stamps?.some(({ endedAt }) => endedAt === Number.NEGATIVE_INFINITY) ?? false;
}

/** From when on an entry is stale: past its time to live, or since a tag that it was made under was invalidated. */
export function staleFrom({ freshUntil, stamps }: Entry<unknown>): Ms {
  return stamps === undefined ? freshUntil : stamps.reduce((from, { endedAt }) => Math.min(from, endedAt), freshUntil);
}

/** The life of a value that has turned out to be out of date: it is fresh no longer, and stale from then on if not before. */
export function invalidatedLifespan(lifespan: Lifespan, since: Ms): Lifespan {
  const { createdAt, freshUntil, expiresAt } = lifespan;
  const until = Math.max(createdAt, Math.min(freshUntil, since));
  // Of a life without an end nobody knows how long it would have been stale.
  const staleForMs = freshUntil === Number.POSITIVE_INFINITY ? freshUntil : expiresAt - freshUntil;
  return { ...lifespan, freshUntil: until, expiresAt: until + staleForMs, invalidated: true };
}

/** What is left of an entry that has turned out to be out of date; `undefined` where the rules have no use for it. */
export function invalidatedEntry<V>(entry: Entry<V>, now: Ms, rules: EntryRules): Entry<V> | undefined {
  const lifespan = invalidatedLifespan(entry, now);
  const expiresAt = lifespan.freshUntil + rules.staleIfErrorMs;
  if (expiresAt <= now) return undefined;
  const { createdAt, freshUntil, loadMs, etag, stamps } = lifespan;
  return build(entry.value, { createdAt, freshUntil, expiresAt, loadMs, etag, invalidated: true, stamps }, freshUntil);
}

/** Whether an entry may answer every read at `now`. */
export function isFresh(entry: Entry<unknown>, now: Ms): boolean {
  return now < entry.freshUntil && isCurrent(entry);
}

/** Whether an entry is fresh at `now` and no hit on it would ask for a refresh. */
export function isSettled(entry: Entry<unknown>, now: Ms): boolean {
  return now < entry.refreshAt && isCurrent(entry);
}

/**
 * What an entry is good for at an instant:
 *
 * - `fresh`: it answers, and that is all.
 * - `fresh-due`: it answers, and a refresh is started behind.
 * - `stale-due`: it answers as stale, and a refresh is started behind.
 * - `stale-held`: it answers as stale; the last load failed a short while ago.
 * - `unusable`: it does not answer by itself.
 */
export type Verdict = "fresh" | "fresh-due" | "stale-due" | "stale-held" | "unusable";

/** Judges an entry that is past the instant a hit looks at. */
export function judge(entry: Entry<unknown>, now: Ms, rules: EntryRules): Verdict {
  const held = now < entry.retryLoadAt;
  if (isFresh(entry, now)) return held || isSettled(entry, now) ? "fresh" : "fresh-due";
  const revalidates = mayServeWhileRevalidating(entry, now, rules);
  if (held && (revalidates || mayServeOnError(entry, now, rules))) return "stale-held";
  return revalidates ? "stale-due" : "unusable";
}

/** What allows an answer of a verdict; `undefined` for a fresh one. */
export function staleReasonOf(verdict: Verdict): StaleReason | undefined {
  if (verdict === "stale-held") return "held";
  return verdict === "stale-due" ? "revalidating" : undefined;
}

/** Whether an entry may answer at `now` while it is being refreshed. Who invalidates wants nobody to see it before that. */
export function mayServeWhileRevalidating(entry: Entry<unknown>, now: Ms, rules: EntryRules): boolean {
  return !entry.invalidated && now < entry.freshUntil + rules.staleWhileRevalidateMs && isCurrent(entry);
}

/** Whether an entry may answer at `now` in place of a load that failed or is too late. */
export function mayServeOnError(entry: Entry<unknown>, now: Ms, rules: EntryRules): boolean {
  return now < staleFrom(entry) + rules.staleIfErrorMs;
}

/** How long an entry may answer after `now` by the rules of its reader, which may be others than its writer's. */
export function usefulMs(entry: Entry<unknown>, now: Ms, rules: EntryRules): Ms {
  const isOutdated = entry.invalidated || !isCurrent(entry);
  return staleFrom(entry) + (isOutdated ? rules.staleIfErrorMs : staleMs(rules)) - now;
}

/** How long an entry has left at `now`, stale life included: not above 0 when it is of no use to anyone. */
export function remainingMs(entry: Entry<unknown>, now: Ms): Ms {
  return entry.expiresAt - now;
}

/** The one of two entries that was made later; the first where they are of the same instant. */
export function newer<V>(one: Entry<V> | undefined, other: Entry<V> | undefined): Entry<V> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.createdAt > one.createdAt ? other : one;
}

/**
 * Whether a found entry is to be replaced by a refresh that was begun because of a held one: by its own instant, and where that
 * is drawn at random, by the draw of the held one too. Else a value that was read once more would be a newer one now and then.
 */
export function isDueAs(held: Entry<unknown> | undefined, found: Entry<unknown>, due: DueRules): boolean {
  const { now, rules } = due;
  // Nothing replaces what slides.
  if (rules.sliding) return !isFresh(found, now);
  if (!isSettled(found, now)) return true;
  if (rules.refreshAhead !== "probabilistic" || held === undefined) return false;
  return now >= found.freshUntil - (held.freshUntil - held.refreshAt);
}

/** When it is judged, and by which rules. */
export interface DueRules {
  readonly now: Ms;
  readonly rules: EntryRules;
}

/** How long after its freshness an entry may answer at all. */
function staleMs({ staleWhileRevalidateMs, staleIfErrorMs }: EntryRules): Ms {
  return Math.max(staleWhileRevalidateMs, staleIfErrorMs);
}

function newLifespan(value: unknown, { now, loadMs, etag, stamps }: Making, rules: EntryRules): Lifespan | undefined {
  const ttlMs = ttlOf(value, rules);
  if (!(ttlMs > 0)) return undefined;
  const freshUntil = now + ttlMs * (1 - rules.ttlJitter * Math.random());
  return { createdAt: now, freshUntil, expiresAt: freshUntil + staleMs(rules), loadMs, etag, stamps };
}

/** Of a life shorter than this a fraction of a millisecond is a part that counts. */
const SHORT_LIFE_MS: Ms = 1_000;

/**
 * The only place that builds an entry, so that all share a hidden class. Instants are whole milliseconds, rounded down, so that none is
 * ever later than it was to be: a number with a fraction takes 16 bytes more. Those of a short life are exact.
 */
function build<V>(value: V, lifespan: Lifespan, refreshAt: Ms): Entry<V> {
  const { createdAt, freshUntil, expiresAt, loadMs, etag, stamps, invalidated = false } = lifespan;
  const isShort = freshUntil - createdAt < SHORT_LIFE_MS;
  return {
    value,
    promise: undefined,
    createdAt: whole(createdAt, isShort),
    refreshAt: whole(refreshAt, isShort),
    freshUntil: whole(freshUntil, isShort),
    expiresAt: whole(expiresAt, isShort),
    loadMs,
    invalidated,
    etag,
    stamps,
    epoch: 0,
    retryLoadAt: 0,
  };
}

function whole(instant: Ms, isShort: boolean): Ms {
  return isShort || instant === undefined ? instant : Math.floor(instant);
}

/*
 * V8 keeps a field that ever held a number which is not whole, or has no end, as one that takes 16 bytes more in all objects of the
 * shape; but not one that has held anything else than a number before. So the first entry of all is one without any instants.
 */
const [nothing, noInstant]: [undefined, never] = [undefined, undefined as never];
const noLife = { createdAt: noInstant, freshUntil: noInstant, expiresAt: noInstant, loadMs: noInstant };
build(nothing, { ...noLife, etag: nothing }, noInstant).retryLoadAt = noInstant;

function ttlOf(value: unknown, { ttlMs, negativeTtlMs }: EntryRules): Ms {
  if (value === undefined && negativeTtlMs !== undefined) return negativeTtlMs;
  if (typeof ttlMs === "number") return ttlMs;
  try {
    const decided: unknown = ttlMs(value as never);
    return typeof decided === "number" ? decided : Number.NaN;
  } catch {
    // The value is there; how long to keep it is all that could not be found out.
    return Number.NaN;
  }
}

function refreshInstant({ createdAt, freshUntil, loadMs }: Lifespan, { sliding, refreshAhead }: EntryRules): Ms {
  if (sliding) return partOfLife(createdAt, freshUntil, RENEW_AFTER);
  if (refreshAhead === undefined) return freshUntil;
  if (refreshAhead !== "probabilistic") return partOfLife(createdAt, freshUntil, refreshAhead);
  // XFetch with beta 1. `1 - random()` is above 0, so its logarithm is finite.
  return Math.max(createdAt, freshUntil + loadMs * Math.log(1 - Math.random()));
}

function partOfLife(createdAt: Ms, freshUntil: Ms, part: number): Ms {
  return createdAt + (freshUntil - createdAt) * part;
}
