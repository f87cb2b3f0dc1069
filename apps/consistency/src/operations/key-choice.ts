import {
  ALL_TAGS,
  FOCUS_MS,
  focusAt,
  focusTagAt,
  KEY_COUNTS,
  type KeyClass,
  keyOf,
  keysUnder,
  restedAt,
  restedTagAt,
} from "../key-space.ts";
import { monotonicMs } from "../monotonic.ts";
import type { Random } from "../random.ts";

/** How often keys of each class are chosen. */
type Shares = readonly (readonly [KeyClass, number])[];

/** For the rest, the key that all processes are at, or have been at. */
const READ: Shares = [
  ["hot", 0.08],
  ["warm", 0.16],
  ["cold", 0.08],
  ["probe", 0.14],
  ["owned", 0.05],
  ["soft", 0.07],
  ["tagged", 0.03],
  ["late", 0.02],
  ["cleared", 0.03],
  ["lagging", 0.04],
  ["versioned", 0.04],
];

/** How many of the other reads go to keys of the tag that all processes are at, or have been at. */
const TAG_SHARE = 0.3;

/** Probes are changed when something goes wrong, and what is set is its owner's. */
const CHANGED: Shares = [
  ["hot", 0.16],
  ["warm", 0.48],
  ["cold", 0.1],
  ["soft", 0.14],
  ["lagging", 0.06],
  ["versioned", 0.1],
];

/** How often a read goes to one of the keys that all have been at, and how far back. */
const LOOK_BACK_SHARE = 0.4;
const LOOK_BACK = 24;

/** How often a read goes to what has rested, while it does not. */
const RESTED_READ_SHARE = 0.2;

/** A key to read. */
export function keyToRead(random: Random): string {
  const rested = random.chance(RESTED_READ_SHARE) ? restedAt(monotonicMs(), (below) => random.below(below)) : undefined;
  const key = rested ?? chosen(READ, random);
  if (key !== undefined) return key;
  const back = random.chance(LOOK_BACK_SHARE) ? 1 + random.below(LOOK_BACK) : 0;
  const at = monotonicMs() - back * FOCUS_MS;
  return random.chance(TAG_SHARE) ? random.pick(keysUnder(focusTagAt(at))) : focusAt(at);
}

/** How much of its moment the key that all are at is changed: a slow load is to outlast the last of its changes. */
const CHANGED_FOR_MS = 120;
const CHANGED_SHARE = 0.75;

/** A key to change. */
export function keyToChange(random: Random): string {
  const now = monotonicMs();
  if (now % FOCUS_MS < CHANGED_FOR_MS && random.chance(CHANGED_SHARE)) return focusAt(now);
  return chosen(CHANGED, random) ?? keyToChange(random);
}

/** How often a tag is changed that all processes are not at. */
const OTHER_TAG_SHARE = 0.15;

/** How often it is one whose keys are to rest, when these may be changed. */
const RESTED_TAG_SHARE = 0.8;

/** A tag to change; `undefined` where none is to be changed now, as what is often changed shows no damage. */
export function tagToChange(random: Random): string | undefined {
  const now = monotonicMs();
  const rested = random.chance(RESTED_TAG_SHARE) ? restedTagAt(now, (below) => random.below(below)) : undefined;
  if (rested !== undefined) return rested;
  if (now % FOCUS_MS < CHANGED_FOR_MS) return focusTagAt(now);
  return random.chance(OTHER_TAG_SHARE) ? random.pick(ALL_TAGS) : undefined;
}

function chosen(shares: Shares, random: Random): string | undefined {
  let left = random.next();
  for (const [keyClass, share] of shares) {
    if (left < share) return keyOf(keyClass, random.below(KEY_COUNTS[keyClass]));
    left -= share;
  }
  return undefined;
}
