import type { KeyPart } from "../contracts/key.ts";
import { CacheError } from "../errors.ts";
import { describe, invalidOption } from "../option-rules.ts";
import { escapedPart } from "./key.ts";

/** Any number of signs. */
const MANY = -1;
/** One sign. */
const ONE = -2;

/** No key is longer than 768 UTF-16 units behind its namespace. */
const MAX_PATTERN_UNITS = 1_024;

const GLOB_SIGNS = /[*?\\]/g;

/** How a pattern is looked at before it is used. */
export interface PatternRules {
  /** Whether keys are made of several parts. */
  readonly composed: boolean;
  /** Whether it may begin with what stands for anything. */
  readonly allowUnbounded: boolean;
}

/**
 * A pattern over the text of keys behind their namespace: `*` stands for any number of signs, `?` for one, `\` in front of them or
 * of itself takes that away, and everything else stands for itself.
 *
 * It is compared from left to right, and goes back no further than to the last `*`: whatever the pattern, a key takes no more steps
 * than the lengths of both multiplied, and both are bounded.
 */
export class KeyPattern {
  readonly text: string;
  /** What every key that matches begins with. */
  readonly prefix: string;
  readonly #tokens: readonly number[];

  private constructor(text: string, tokens: readonly number[]) {
    this.text = text;
    this.#tokens = tokens;
    const end = tokens.findIndex((token) => token < 0);
    this.prefix = String.fromCharCode(...(end === -1 ? tokens : tokens.slice(0, end)));
  }

  /**
   * @param owner - Who was given the pattern, for the message.
   * @throws {@link CacheError} `INVALID_OPTION`.
   */
  static checked(owner: string, text: unknown, { composed, allowUnbounded }: PatternRules): KeyPattern {
    const refusal = (allowed: string): CacheError => invalidOption(`The pattern of ${owner}`, text, { allowed });
    const pattern = KeyPattern.of(text);
    if (pattern === undefined) {
      throw refusal(
        `a string of 1 to ${MAX_PATTERN_UNITS} well-formed UTF-16 units, in which \\ stands in front of *, ? or \\ alone`,
      );
    }
    // It would match nothing, and whoever has given it would take that for done.
    if (/[{}]/.test(pattern.text)) throw refusal("a pattern in which { and } are escaped, as in keys: %7B and %7D");
    if (!composed && pattern.text.includes(":")) {
      throw refusal("a pattern without :, which is %3A in the keys of a namespace that declares no key");
    }
    if (pattern.prefix === "" && !allowUnbounded) {
      throw refusal("a pattern that begins with something else than * or ?, unless allowUnbounded is true");
    }
    return pattern;
  }

  /** `undefined` for what is no pattern. Never throws. */
  static of(text: unknown): KeyPattern | undefined {
    if (typeof text !== "string" || text.length === 0 || text.length > MAX_PATTERN_UNITS) return undefined;
    const tokens = text.isWellFormed() ? tokensOf(text) : undefined;
    return tokens && new KeyPattern(text, tokens);
  }

  /** Whether all of a text matches. */
  matches(text: string): boolean {
    if (!text.startsWith(this.prefix)) return false;
    const tokens = this.#tokens;
    let place = this.prefix.length;
    let at = place;
    let lastMany = -1;
    let resumeAt = at;
    while (at < text.length) {
      const token = tokens[place];
      if (token === MANY) {
        lastMany = place++;
        resumeAt = at;
      } else if (token === ONE) {
        at += unitsAt(text, at);
        place++;
      } else if (token === text.charCodeAt(at)) {
        at++;
        place++;
      } else if (lastMany === -1) return false;
      else {
        at = ++resumeAt;
        place = lastMany + 1;
      }
    }
    return place === tokens.length || (tokens[place] === MANY && place === tokens.length - 1);
  }
}

/**
 * A part of a key as it stands in a pattern that is to match it and nothing else: escaped as in keys, and with nothing in it that
 * stands for anything.
 *
 * @throws {@link CacheError} `INVALID_KEY` for what is no part of a key.
 *
 * @example
 * ```ts
 * import { patternPart } from "@tiercache/core";
 *
 * const user = "*:7"; // as it came in
 * console.log(`${patternPart(user)}:*`); // "\*%3A7:*"
 * ```
 */
export function patternPart(part: KeyPart): string {
  const isPart =
    typeof part === "string" || typeof part === "bigint" || typeof part === "boolean" || Number.isFinite(part);
  if (isPart) return escapedPart(String(part)).replace(GLOB_SIGNS, "\\$&");
  const allowed = "a string, a finite number, a bigint or a boolean";
  throw new CacheError("INVALID_KEY", `The part given to patternPart is ${describe(part)}; allowed is ${allowed}.`);
}

function tokensOf(text: string): readonly number[] | undefined {
  const tokens: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "*") {
      if (tokens.at(-1) !== MANY) tokens.push(MANY);
    } else if (sign === "?") tokens.push(ONE);
    else {
      if (sign === "\\" && !"*?\\".includes(text[++at] ?? " ")) return undefined;
      tokens.push(text.charCodeAt(at));
    }
  }
  return tokens;
}

/** A sign that takes two units is one sign. */
function unitsAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
