import type { ChangeEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { classOf, type KeyClass } from "../key-space.ts";

/** What has been going on in a run. */
export interface Activity {
  readonly reads: number;
  readonly localHits: number;
  readonly remoteHits: number;
  readonly loads: number;
  readonly flagged: number;
  readonly changes: number;
  readonly queued: number;
  /** Loaded values that a write or the server kept from being kept. */
  readonly fenced: number;
  readonly gaps: number;
  readonly probesChanged: number;
  /** How often a tag was invalidated or deleted. */
  readonly tagsEnded: number;
  /** How often a namespace was cleared. */
  readonly cleared: number;
  /** How often a lock was granted, and of these, how often it was lost. */
  readonly locks: number;
  readonly locksLost: number;
  /** Loads whose value was not kept, as their key was held off. */
  readonly heldOff: number;
  /** Reads of what goes with a tag that a tier has answered. */
  readonly taggedHits: number;
  /** How often each fault happened. */
  readonly faults: ReadonlyMap<string, number>;
}

/** Counts what has been going on. */
export function activityOf(history: History): Activity {
  const counted = (name: string): number =>
    history.of("count").reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
  const changes = history.of("change");
  const happened = history.of("fault").filter(({ done }) => done);
  const groups = Map.groupBy(happened, ({ fault }) => fault);
  return {
    reads: history.of("read").length,
    localHits: counted("hit lru"),
    remoteHits: counted("hit redis"),
    loads: history.of("load").length,
    flagged: history.of("read").filter(({ stale }) => stale !== undefined).length,
    changes: changes.length,
    queued: changes.filter(({ status }) => status === "queued").length,
    fenced: counted("refused") + counted("superseded"),
    gaps: history.of("gap").length,
    probesChanged: changes.filter(({ key }) => /^(probe|silent)-/.test(key)).length,
    tagsEnded: distinct(
      changes.filter(({ operation }) => operation === "invalidateTags" || operation === "deleteByTags"),
    ),
    cleared: distinct(changes.filter(({ operation }) => operation === "clear")),
    locks: history.of("lock").length,
    locksLost: history.of("lock").filter(({ status }) => status === "LOCK_LOST").length,
    heldOff: counted("held-off"),
    taggedHits: hitsOf(history, "tagged") + hitsOf(history, "late"),
    faults: new Map([...groups].map(([fault, all]) => [fault, all.length])),
  };
}

/** How many calls have made these changes: those of one have begun at the same time in the same process. */
function distinct(changes: readonly ChangeEvent[]): number {
  return new Set(changes.map(({ process, from }) => `${process} ${from}`)).size;
}

function hitsOf(history: History, keyClass: KeyClass): number {
  return history.firmReads.filter(({ key, source }) => isHeldIn(source) && classOf(key) === keyClass).length;
}

function isHeldIn(source: string): boolean {
  return source === "lru" || source === "redis";
}

/** What has been too little in each second of a run for it to prove anything. */
const LEAST_A_SECOND = {
  reads: 100,
  localHits: 20,
  remoteHits: 2,
  loads: 5,
  changes: 2,
  tagsEnded: 1,
  taggedHits: 5,
  locks: 1,
} as const;

/**
 * Why a run has proved nothing, in one line each: too little was done, or what was to go wrong did not.
 *
 * @param faults - The faults that were asked for; in a run of a few seconds not all of them have their turn.
 */
export function vacuityOf(history: History, seconds: number, faults: readonly string[]): readonly string[] {
  const activity = activityOf(history);
  const few = Object.entries(LEAST_A_SECOND).flatMap(([what, least]) => {
    const count = activity[what as keyof typeof LEAST_A_SECOND];
    return count >= least * seconds ? [] : [`${count} ${what} in ${seconds} s: at least ${least * seconds} are needed`];
  });
  const absent = seconds < 20 ? [] : faults.filter((fault) => !activity.faults.has(fault));
  const without = absent.map((fault) => `${fault} did not happen`);
  if (activity.faults.size < Math.min(faults.length, 1)) without.push("no fault happened");
  if (activity.fenced === 0) without.push("no load was kept from being kept");
  if (activity.cleared === 0) without.push("nothing was cleared");
  if (activity.heldOff === 0) without.push("nothing was held off");
  if (activity.probesChanged === 0) without.push("no probe was changed");
  if (seconds >= 60 && faults.includes("restart-empty") && activity.locksLost === 0) without.push("no lock was lost");
  if (faults.includes("hang") && activity.queued === 0) without.push("nothing was queued, though the server hung");
  return [...few, ...without];
}
