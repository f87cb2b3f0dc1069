import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { EntryRules } from "./rules.ts";

/** Makes the entry of a value that was loaded or set at `now`. */
export function newEntry<V>(value: V, now: Ms, rules: EntryRules): Entry<V> {
  return entryBetween(value, now, now + rules.ttlMs);
}

/** Makes an entry from its instants. The only place that builds one, so that all share a hidden class. */
export function entryBetween<V>(value: V, createdAt: Ms, expiresAt: Ms): Entry<V> {
  return { value, promise: undefined, createdAt, expiresAt };
}

/** Whether an entry may answer a read at `now`. */
export function isFresh(entry: Entry<unknown>, now: Ms): boolean {
  return now < entry.expiresAt;
}

/** How long an entry has left at `now`: not above 0 when it has expired. */
export function remainingMs(entry: Entry<unknown>, now: Ms): Ms {
  return entry.expiresAt - now;
}
