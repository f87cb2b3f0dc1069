import type { Acknowledgement } from "../history/acknowledgement.ts";
import type { ReadEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { isReplicated } from "../key-space.ts";
import type { Violation } from "./invariant.ts";

/** A read that returned something older than what had been acknowledged before it began. */
export interface StaleRead {
  readonly read: ReadEvent;
  /** The first acknowledged change that the read does not show. */
  readonly missed: Acknowledgement;
  /** How long before the read that was acknowledged. */
  readonly ageMs: number;
}

const known = new WeakMap<History, readonly StaleRead[]>();

/** All reads of a history that were not flagged and returned something older than they could have. */
export function staleReadsOf(history: History): readonly StaleRead[] {
  const made = known.get(history) ?? history.changedKeys.flatMap((key) => staleReadsOfKey(history, key));
  known.set(history, made);
  return made;
}

/** Those of them that are older than is promised. */
export function lateReadsOf(history: History): readonly StaleRead[] {
  return staleReadsOf(history).filter(({ ageMs }) => ageMs > history.bounds.stalenessMs);
}

/** A stale read as a violation. */
export function violationBy({ read, missed, ageMs }: StaleRead): Violation {
  const what =
    `${read.process} read version ${read.version} of ${read.key} from ${read.source}, ` +
    `${Math.round(ageMs)} ms after version ${missed.version} was acknowledged to ${missed.change.process}`;
  return { at: read.to, what, because: [missed.change, read] };
}

function staleReadsOfKey(history: History, key: string): readonly StaleRead[] {
  const acknowledged = history.acknowledgementsOf(key);
  // The first that is newer than a version is the first at which the newest so far is.
  const newest: number[] = [];
  for (const { version } of acknowledged) newest.push(Math.max(version, newest.at(-1) ?? 0));
  const stale: StaleRead[] = [];
  for (const read of history.firmReadsOf(key)) {
    if (mayBeOld(read)) continue;
    const missed = acknowledged[firstAbove(newest, read.version)];
    if (missed !== undefined && missed.at < read.from) stale.push({ read, missed, ageMs: read.from - missed.at });
  }
  return stale;
}

/** Whether a read has returned what a replica has just answered, and not what was kept of that. */
export function mayBeOld({ key, source }: ReadEvent): boolean {
  return isReplicated(key) && source !== "lru" && source !== "redis";
}

/** The first place in an ascending list whose number is above another one; the list's length if there is none. */
function firstAbove(ascending: readonly number[], bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
