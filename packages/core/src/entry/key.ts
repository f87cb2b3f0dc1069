import type { KeyPart } from "../contracts/key.ts";
import { CacheError } from "../errors.ts";
import { describe } from "../option-rules.ts";
import { DIGEST_MARK, MAX_WHOLE_ID_UNITS, shortId } from "./key-digest.ts";
import { hiddenKey, type KeySecret } from "./key-secret.ts";

/** `:` separates parts, `{` and `}` would choose the cluster slot, `%` starts an escape. */
const SPECIAL = /[%:{}]/g;
const HAS_SPECIAL = /[%:{}]/;
const ESCAPED = /%(25|3A|7B|7D)/g;

/** The longest id, in UTF-16 units once it is escaped. What is longer is no name any more, and each hit would hash it. */
const MAX_ID_UNITS = 65_536;

/** Makes the id of a key, unique within its namespace, from the arguments of a call. */
export type IdOf<K extends readonly unknown[]> = (args: K) => string;

/**
 * The ids of a namespace that declares no `key`: its single argument, a string, as it is, or its short form.
 *
 * @throws {@link CacheError} `INVALID_KEY` from the returned function, for anything but one string, or one too long.
 */
export function plainIds(namespace: string): IdOf<readonly unknown[]> {
  return (args) => {
    const id = args[0];
    // Every hit passes here, and is inlined as long as it is this little.
    if (typeof id === "string" && args.length === 1 && id.length <= MAX_WHOLE_ID_UNITS) return id;
    return longId(namespace, args);
  };
}

/**
 * The ids of a namespace that declares its key's parts: the parts joined by `:`, each escaped so that no two lists of
 * parts meet in one id, or the short form of that.
 *
 * @throws {@link CacheError} `INVALID_KEY` from the returned function, naming the part that is no {@link KeyPart} or makes
 * the key too long.
 */
export function composedIds<K extends readonly unknown[]>(
  namespace: string,
  key: (...args: K) => readonly KeyPart[],
): IdOf<K> {
  return (args) => {
    const parts: unknown = key(...args);
    if (!Array.isArray(parts)) {
      const message = `The key of namespace "${namespace}" is made of ${describe(parts)}; allowed is a list of its parts.`;
      throw new CacheError("INVALID_KEY", message);
    }
    let id = "";
    for (let position = 0; position < parts.length; position++) {
      const part = textOf(namespace, parts, position);
      // Before they are joined: even that is work, and beyond what a string can hold it throws an error of its own.
      const units = id.length + part.length;
      if (units > MAX_ID_UNITS) throw tooLong(`Part ${position + 1} makes a key of namespace "${namespace}"`, units);
      id = position === 0 ? part : `${id}:${part}`;
    }
    if (parts.length === 0) throw new CacheError("INVALID_KEY", `The key of namespace "${namespace}" has no parts.`);
    return id.length <= MAX_WHOLE_ID_UNITS ? id : shortened(namespace, id);
  };
}

/** What the keys of one namespace in the remote tiers are made with. */
export interface RemoteKeyParts {
  /** Of the cache, with its `/`; may be empty. */
  readonly prefix: string;
  readonly namespace: string;
  /** Whether ids are made of several parts and already escaped, or are the caller's own string. */
  readonly composed: boolean;
  /** Hides the ids. */
  readonly secret: KeySecret | undefined;
}

/**
 * Makes the key under which remote tiers hold an id: `prefix/namespace:id`, or a hash in place of the id.
 *
 * @throws {@link CacheError} `INVALID_KEY` from the returned function, as {@link assertWellFormed}.
 */
export function remoteKeys({ prefix, namespace, composed, secret }: RemoteKeyParts): (id: string) => string {
  const beginning = `${prefix}${namespace}:`;
  return (id) => {
    assertWellFormed(namespace, id);
    const escaped = escapedId(id, composed);
    return secret === undefined ? `${beginning}${escaped}` : hiddenKey(beginning, escaped, secret);
  };
}

/** An id as it stands in a key that can be read. */
export function escapedId(id: string, composed: boolean): string {
  // An id longer than those that stand for themselves is a short form, which is made of escaped text.
  return composed || id.length > MAX_WHOLE_ID_UNITS ? id : escape(id);
}

/** The id that {@link escapedId} has made a text of. Of any other text, what comes of it is the id of another key. */
export function idOfEscaped(escaped: string, composed: boolean): string {
  if (composed || escaped.includes(DIGEST_MARK)) return escaped;
  return escaped.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/**
 * Refuses an id that no tier may ever hold.
 *
 * @throws {@link CacheError} `INVALID_KEY` for a lone surrogate: all such ids would meet in one once they are UTF-8.
 */
export function assertWellFormed(namespace: string, id: string): void {
  if (id.isWellFormed()) return;
  const message = `A key of namespace "${namespace}" has a lone surrogate in it; allowed is well-formed Unicode.`;
  throw new CacheError("INVALID_KEY", message);
}

function longId(namespace: string, args: readonly unknown[]): string {
  const id = args[0];
  if (typeof id === "string" && args.length === 1) return shortened(namespace, escape(id));
  const shown = args.length === 1 ? describe(id) : `${args.length} arguments`;
  throw new CacheError(
    "INVALID_KEY",
    `A key of namespace "${namespace}" is ${shown}; allowed is one string, unless the namespace declares a key.`,
  );
}

/** Refuses what is too long, or no Unicode: the hash, which is of UTF-8, could not tell it from others. */
function shortened(namespace: string, escaped: string): string {
  if (escaped.length > MAX_ID_UNITS) throw tooLong(`A key of namespace "${namespace}" is`, escaped.length);
  assertWellFormed(namespace, escaped);
  return shortId(escaped);
}

function textOf(namespace: string, parts: readonly unknown[], position: number): string {
  const part = parts[position];
  if (typeof part === "string") return escape(part);
  if (typeof part === "number" && Number.isFinite(part)) return String(part);
  if (typeof part === "bigint" || typeof part === "boolean") return String(part);
  throw invalidPart(namespace, position, part);
}

/** A part as it stands in a key, with nothing in it that a key is joined by. */
export function escapedPart(part: string): string {
  return escape(part);
}

function escape(part: string): string {
  // A test is cheaper than a replacement that finds nothing, and nearly all parts need none. What is too long is
  // refused in any case, before anything looks through it.
  if (part.length > MAX_ID_UNITS || !HAS_SPECIAL.test(part)) return part;
  return part.replace(SPECIAL, (special) => `%${special.charCodeAt(0).toString(16).toUpperCase()}`);
}

function invalidPart(namespace: string, position: number, part: unknown): CacheError {
  const shown = typeof part === "string" ? "a string" : describe(part);
  return new CacheError(
    "INVALID_KEY",
    `Part ${position + 1} of a key of namespace "${namespace}" is ${shown}; allowed is a string, a finite number, a bigint or a boolean.`,
  );
}

function tooLong(what: string, units: number): CacheError {
  const limit = `allowed are at most ${MAX_ID_UNITS}; hash what is longer`;
  return new CacheError("INVALID_KEY", `${what} ${units} UTF-16 units long; ${limit}.`);
}
