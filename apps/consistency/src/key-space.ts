/**
 * What a key is for:
 *
 * - `hot`, `warm`, `cold`: rewritten several times a second, every few seconds, hardly ever. The less often a key is rewritten, the
 *   longer the damage of a lost invalidation can be seen.
 * - `focus`: read and rewritten by all processes for a moment, one such key after the other, and then only read.
 * - `probe`: written once, during a fault, and then only read.
 * - `silent`: the same, and read by nobody before all is at rest, so that no read repairs it.
 * - `owned`: set by one process, in order.
 * - `soft`: answers while it is being refreshed.
 */
export type KeyClass = "hot" | "warm" | "cold" | "focus" | "probe" | "silent" | "owned" | "soft";

/** How many keys there are of each class. */
export const KEY_COUNTS: Readonly<Record<KeyClass, number>> = {
  hot: 4,
  warm: 120,
  cold: 240,
  focus: 240,
  probe: 90,
  silent: 90,
  owned: 16,
  soft: 60,
};

/** How long all processes are at the same key. */
export const FOCUS_MS = 300;

/** The key of a class by its number. */
export function keyOf(keyClass: KeyClass, index: number): string {
  return `${keyClass}-${index}`;
}

export function classOf(key: string): KeyClass {
  return key.slice(0, key.indexOf("-")) as KeyClass;
}

/** The key that all processes are at, by the clock that they share. */
export function focusAt(nowMs: number): string {
  return keyOf("focus", Math.floor(nowMs / FOCUS_MS) % KEY_COUNTS.focus);
}

/** The keys of some classes. */
export function keysOf(...classes: readonly KeyClass[]): readonly string[] {
  return classes.flatMap((each) => Array.from({ length: KEY_COUNTS[each] }, (_, index) => keyOf(each, index)));
}

/** All keys. */
export const ALL_KEYS: readonly string[] = keysOf("hot", "warm", "cold", "focus", "probe", "silent", "owned", "soft");
