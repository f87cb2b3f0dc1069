import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { OptionRule } from "../option-rules.ts";
import { DIGEST_MARK } from "./key-digest.ts";

/** How the keys in the remote tiers are hidden. */
export interface KeyHashing {
  /**
   * What the hashes are made with; at least 16 bytes (of UTF-8, for a string), best 32 random ones. The same in every
   * process that shares a remote tier; with another one, all keys are other keys. Copied, and never shown.
   */
  readonly secret: string | Uint8Array;
}

/** Whether the remote tiers see the ids of keys. Given for a whole cache or a namespace. */
export interface KeyHashingOptions {
  /**
   * Puts a hash (HMAC-SHA-256) in place of the ids in the remote tiers' keys: who reads these tiers learns no id, nor
   * whether one that he guesses is there. Values are not hidden, nor are the names of namespaces, and keys can no longer be
   * found by a pattern or read by eye. `false` leaves ids readable. @defaultValue for a namespace, its cache's; for a cache, `false`
   */
  readonly hashKeys?: KeyHashing | false;
}

/** A secret that shows itself to no logger. */
export type KeySecret = KeyObject;

const MIN_SECRET_BYTES = 16;

/** What {@link KeyHashingOptions.hashKeys} accepts. Secret as a whole: the secret itself may stand there by mistake. */
export const hashKeysRule: OptionRule = {
  allowed: "false, or { secret } with a string or Uint8Array of at least 16 bytes",
  secret: true,
  accepts: (value) => value === false || isKeyHashing(value),
};

/**
 * The secret that an option names, already checked.
 *
 * @param inherited - What is in force where the option says nothing.
 */
export function keySecretOf(hashKeys: KeyHashing | false | undefined, inherited?: KeySecret): KeySecret | undefined {
  if (hashKeys === undefined) return inherited;
  if (hashKeys === false) return undefined;
  const { secret } = hashKeys;
  return typeof secret === "string" ? createSecretKey(secret, "utf8") : createSecretKey(secret);
}

/**
 * The key that stands in the remote tiers in place of `beginning + escaped`: the beginning, `%#`, and the HMAC-SHA-256
 * (RFC 2104) of all of it in base64url. As the beginning is hashed too, the same id has nothing in common in two
 * namespaces.
 */
export function hiddenKey(beginning: string, escaped: string, secret: KeySecret): string {
  return `${beginning}${hiddenPart(beginning, escaped, secret)}`;
}

/** What stands behind the beginning of a {@link hiddenKey}. */
export function hiddenPart(beginning: string, escaped: string, secret: KeySecret): string {
  const digest = createHmac("sha256", secret).update(`${beginning}${escaped}`).digest("base64url");
  return `${DIGEST_MARK}${digest}`;
}

function isKeyHashing(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (
    Object.keys(value).every((name) => name === "secret") &&
    isLongEnough((value as { readonly secret?: unknown }).secret)
  );
}

function isLongEnough(secret: unknown): boolean {
  if (typeof secret === "string") return Buffer.byteLength(secret) >= MIN_SECRET_BYTES;
  return secret instanceof Uint8Array && secret.byteLength >= MIN_SECRET_BYTES;
}
