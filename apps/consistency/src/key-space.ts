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
 * - `tagged`, `late`: go with a tag, which is known from the key, or which only the loader knows. As `focus` keys are, tags are changed
 *   by all processes for a moment, one after the other.
 * - `rested`: go with a tag too; it is changed, then nobody reads them until that has been heard everywhere, and then all processes do.
 * - `cleared`: lie in a namespace of their own, which is cleared at times.
 * - `lagging`: are loaded from a replica that lags behind, and held off for longer than that.
 * - `versioned`: are loaded from it too, and invalidated with the version that the row has by then.
 */
export type KeyClass =
  | "hot"
  | "warm"
  | "cold"
  | "focus"
  | "probe"
  | "silent"
  | "owned"
  | "soft"
  | "tagged"
  | "late"
  | "rested"
  | "cleared"
  | "lagging"
  | "versioned";

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
  tagged: 160,
  late: 80,
  rested: 16,
  cleared: 24,
  lagging: 60,
  versioned: 60,
};

/** How long all processes are at the same key, and at the same tag. */
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

/** The keys that go with one tag. */
const KEYS_OF_A_TAG = 4;

/** All tags: `tagged-0` is that of the first few keys of its class. */
export const ALL_TAGS: readonly string[] = (["tagged", "late"] as const).flatMap((each) =>
  Array.from({ length: KEY_COUNTS[each] / KEYS_OF_A_TAG }, (_, index) => keyOf(each, index)),
);

/** The tag of a key of a class that has tags. */
export function tagOf(key: string): string {
  const keyClass = classOf(key);
  return keyOf(keyClass, Math.floor(Number(key.slice(keyClass.length + 1)) / KEYS_OF_A_TAG));
}

/** The keys that go with a tag. */
export function keysUnder(tag: string): readonly string[] {
  const keyClass = classOf(tag);
  const first = Number(tag.slice(keyClass.length + 1)) * KEYS_OF_A_TAG;
  return Array.from({ length: KEYS_OF_A_TAG }, (_, index) => keyOf(keyClass, first + index));
}

/** The tag that all processes are at. */
export function focusTagAt(nowMs: number): string {
  return ALL_TAGS[Math.floor(nowMs / FOCUS_MS) % ALL_TAGS.length] ?? "";
}

/** How often the tags of `rested` keys are changed, for how long of that, and from when on their keys are read. */
const REST = { everyMs: 2_000, changedForMs: 150, readFromMs: 1_400 } as const;

/** A tag of `rested` keys to change now; `undefined` while they rest. */
export function restedTagAt(nowMs: number, pick: (below: number) => number): string | undefined {
  return nowMs % REST.everyMs < REST.changedForMs
    ? keyOf("rested", pick(KEY_COUNTS.rested / KEYS_OF_A_TAG))
    : undefined;
}

/** A `rested` key to read now; `undefined` while they rest. */
export function restedAt(nowMs: number, pick: (below: number) => number): string | undefined {
  return nowMs % REST.everyMs < REST.readFromMs ? undefined : keyOf("rested", pick(KEY_COUNTS.rested));
}

/** The classes that have a namespace of their own, of the same name. */
const OWN_NAMESPACES = ["soft", "tagged", "late", "rested", "cleared", "lagging", "versioned"] as const;

/** The namespaces; `row` is that of all other keys. */
export type NamespaceName = "row" | (typeof OWN_NAMESPACES)[number];

/** The namespace in which a key is cached. */
export function namespaceOf(key: string): NamespaceName {
  const keyClass = classOf(key);
  return OWN_NAMESPACES.find((each) => each === keyClass) ?? "row";
}

/** Whether a key is loaded from the replica: what it has just brought may be old, what is kept of it may not. */
export function isReplicated(key: string): boolean {
  return classOf(key) === "lagging" || classOf(key) === "versioned";
}

/** All keys. */
export const ALL_KEYS: readonly string[] = keysOf(...(Object.keys(KEY_COUNTS) as KeyClass[]));
