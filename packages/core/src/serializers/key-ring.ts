import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { isUint8Array } from "node:util/types";
import { CacheError } from "../errors.ts";
import { checkOptions, invalidOption, type OptionRule } from "../option-rules.ts";

/** One secret among those in use, under the number by which bytes name it. */
export interface SecretKey {
  /** A whole number from 0 to 255, never used again for another secret. */
  readonly id: number;
  /** 32 random bytes, `crypto.randomBytes(32)`; of text, `Buffer.from(text, "base64")`. Copied; shown nowhere. */
  readonly secret: Uint8Array;
}

/** The secrets of `encrypt()` and of `sign()`. */
export interface KeyRingOptions {
  /**
   * One to four keys. The first one is used for what is written; each of them for what is read. To change keys, see
   * docs/serializers.md: the new key is first added behind the old one, then in front of it, and then left alone.
   */
  readonly keys: readonly SecretKey[];
}

/** A key, derived from a secret for one purpose. */
export interface RingKey {
  readonly id: number;
  readonly key: KeyObject;
}

const SECRET_BYTES = 32;
const MOST_KEYS = 4;

const optionsRule: Pick<OptionRule, "allowed" | "secret"> = { allowed: "an object with keys", secret: true };

const keysRule: OptionRule = {
  allowed: `a list of 1 to ${MOST_KEYS} keys`,
  secret: true,
  accepts: (value) => Array.isArray(value) && value.length >= 1 && value.length <= MOST_KEYS,
};

const keyRules: Readonly<Record<keyof SecretKey, OptionRule>> = {
  id: {
    allowed: "a whole number from 0 to 255",
    secret: true,
    accepts: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255,
  },
  secret: {
    allowed: `a Uint8Array of ${SECRET_BYTES} bytes, as crypto.randomBytes(${SECRET_BYTES}) makes`,
    secret: true,
    accepts: (value) => isUint8Array(value) && value.byteLength === SECRET_BYTES,
  },
};

/** The keys in use for one purpose: the one that seals what is written, and all that open what is read. */
export class KeyRing {
  readonly current: RingKey;
  readonly #keys: readonly RingKey[];

  private constructor(current: RingKey, others: readonly RingKey[]) {
    this.current = current;
    this.#keys = [current, ...others];
  }

  /**
   * Checks what a user has given and derives the keys (HKDF, RFC 5869), for each owner others: a secret that is given to
   * both does no harm.
   *
   * @param owner - The function it was given to.
   * @throws `INVALID_OPTION`, with no secret in it.
   */
  static of(owner: string, options: KeyRingOptions): KeyRing {
    // Whatever stands where a secret was expected may be one.
    if (typeof options !== "object") throw invalidOption(`The options of ${owner}`, options, optionsRule);
    checkOptions(owner, options, { keys: keysRule });
    const [first, ...others] = options?.keys ?? [];
    if (first === undefined) throw invalidOption(`${owner}.keys`, undefined, { allowed: keysRule.allowed });
    const seen = new Set<number>();
    for (const [index, key] of options.keys.entries()) {
      const { id } = checkedKey(`${owner}.keys[${index}]`, key);
      if (seen.has(id))
        throw new CacheError("INVALID_OPTION", `${owner}.keys has the id ${id} twice; allowed is once.`);
      seen.add(id);
    }
    return new KeyRing(
      derivedFor(owner, first),
      others.map((key) => derivedFor(owner, key)),
    );
  }

  find(id: number | undefined): RingKey | undefined {
    return this.#keys.find((key) => key.id === id);
  }
}

function checkedKey(owner: string, key: SecretKey): SecretKey {
  if (typeof key !== "object" || key === null) {
    throw invalidOption(owner, key, { allowed: "an object with id and secret", secret: true });
  }
  checkOptions(owner, key, keyRules);
  for (const name of ["id", "secret"] as const) {
    if (key[name] === undefined)
      throw invalidOption(`${owner}.${name}`, undefined, { allowed: keyRules[name].allowed });
  }
  return key;
}

function derivedFor(owner: string, { id, secret }: SecretKey): RingKey {
  const key = hkdfSync("sha256", secret, "", `tiercache ${owner} 1`, SECRET_BYTES);
  return { id, key: createSecretKey(new Uint8Array(key)) };
}
