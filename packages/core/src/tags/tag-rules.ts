import { CacheError } from "../errors.ts";
import { describe } from "../option-rules.ts";

/** The most tags that one entry may have. */
export const MAX_TAGS = 32;

/** The longest tag, in UTF-16 units. */
const MAX_TAG_UNITS = 128;

/**
 * The tags that a caller has named, each once, in their order. The list is read once.
 *
 * @param owner - Whose they are, for the message: `namespace "match".tags`.
 * @param most - How many there may be.
 * @throws {@link CacheError} `INVALID_OPTION` for anything but a list of tags, or too many.
 */
export function checkedTags(owner: string, tags: unknown, most: number = Number.POSITIVE_INFINITY): readonly string[] {
  if (!Array.isArray(tags)) throw refused(owner, describe(tags), "a list of tags");
  const distinct = new Set<string>();
  for (const [at, tag] of listOf(owner, tags).entries()) distinct.add(checkedTag(`${owner}[${at}]`, tag));
  if (distinct.size > most) throw refused(owner, `${distinct.size} tags`, `at most ${most}`);
  return [...distinct];
}

/** A list may be anybody's object, and answer whatever it likes each time it is asked. */
function listOf(owner: string, tags: readonly unknown[]): readonly unknown[] {
  try {
    return [...tags];
  } catch (cause) {
    throw new CacheError("INVALID_OPTION", `${owner} is a list that cannot be read; allowed is a list of tags.`, {
      cause,
    });
  }
}

function checkedTag(owner: string, tag: unknown): string {
  const allowed = `a well-formed string of 1 to ${MAX_TAG_UNITS} UTF-16 units`;
  if (typeof tag !== "string") throw refused(owner, describe(tag), allowed);
  if (tag.length === 0 || tag.length > MAX_TAG_UNITS) throw refused(owner, `${tag.length} units long`, allowed);
  if (!tag.isWellFormed()) throw refused(owner, "a string with a lone surrogate in it", allowed);
  // Elsewhere it stands for all: who asks for that shall not be told that it is done.
  if (tag === "*") throw refused(owner, '"*"', "any other string; what ends everything is clear()");
  return tag;
}

/** Says nothing of the tag itself: tags name people. */
function refused(owner: string, given: string, allowed: string): CacheError {
  return new CacheError("INVALID_OPTION", `${owner} is ${given}; allowed is ${allowed}.`);
}
