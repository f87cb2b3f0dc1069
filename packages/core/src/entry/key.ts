import type { KeyPart } from "../contracts/key.ts";
import { CacheError } from "../errors.ts";
import { describe } from "../option-rules.ts";

/** `:` separates parts, `{` and `}` would choose the cluster slot, `%` starts an escape. */
const SPECIAL = /[%:{}]/g;
const HAS_SPECIAL = /[%:{}]/;

/** Makes the id of a key, unique within its namespace, from the arguments of a call. */
export type IdOf<K extends readonly unknown[]> = (args: K) => string;

/**
 * The ids of a namespace that declares no `key`: its single argument, a string, as it is.
 *
 * @throws {@link CacheError} `INVALID_KEY` for anything but one string.
 */
export function plainIds(namespace: string): IdOf<readonly unknown[]> {
  return (args) => {
    const id = args[0];
    if (typeof id === "string" && args.length === 1) return id;
    const shown = args.length === 1 ? describe(id) : `${args.length} arguments`;
    throw new CacheError(
      "INVALID_KEY",
      `A key of namespace "${namespace}" is ${shown}; allowed is one string, unless the namespace declares a key.`,
    );
  };
}

/**
 * The ids of a namespace that declares its key's parts: the parts joined by `:`, each escaped so that no two lists of
 * parts meet in one id.
 *
 * @throws {@link CacheError} `INVALID_KEY` from the returned function, naming the part that is no {@link KeyPart}.
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
      id = position === 0 ? part : `${id}:${part}`;
    }
    if (parts.length === 0) throw new CacheError("INVALID_KEY", `The key of namespace "${namespace}" has no parts.`);
    return id;
  };
}

/**
 * The key under which remote tiers hold an id: `prefix/namespace:id`.
 *
 * @throws {@link CacheError} `INVALID_KEY` for a lone surrogate: two such ids would meet in one key once they are UTF-8.
 */
export function remoteKey(prefix: string, id: string, composed: boolean): string {
  if (!id.isWellFormed()) throw new CacheError("INVALID_KEY", `A key of "${prefix}" is not well-formed Unicode.`);
  return `${prefix}:${composed ? id : escape(id)}`;
}

function textOf(namespace: string, parts: readonly unknown[], position: number): string {
  const part = parts[position];
  if (typeof part === "string") return escape(part);
  if (typeof part === "number" && Number.isFinite(part)) return String(part);
  if (typeof part === "bigint" || typeof part === "boolean") return String(part);
  throw invalidPart(namespace, position, part);
}

function escape(part: string): string {
  // A test is cheaper than a replacement that finds nothing, and nearly all parts need none.
  if (!HAS_SPECIAL.test(part)) return part;
  return part.replace(SPECIAL, (special) => `%${special.charCodeAt(0).toString(16).toUpperCase()}`);
}

function invalidPart(namespace: string, position: number, part: unknown): CacheError {
  const shown = typeof part === "string" ? "a string" : describe(part);
  return new CacheError(
    "INVALID_KEY",
    `Part ${position + 1} of a key of namespace "${namespace}" is ${shown}; allowed is a string, a finite number, a bigint or a boolean.`,
  );
}
