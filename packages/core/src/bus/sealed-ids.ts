import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import type { KeySecret } from "../entry/key-secret.ts";

/*
 * Where the remote keys of a namespace are hidden, its ids are not to be read on the bus either: they are sealed by AES-256-GCM, under a
 * key that is made of the same secret. Each message has a key of its own, by its sender and number, which no two messages share:
 * so the nonce may be the same in all.
 */
const ALGORITHM = "aes-256-gcm";
const NONCE = Buffer.alloc(12);
const TAG_BYTES = 16;

/** Ids as they stand in a message: one text that says nothing to anybody without the secret. */
export function sealedIds(ids: readonly string[], by: string, secret: KeySecret): readonly string[] {
  const cipher = createCipheriv(ALGORITHM, keyOf(by, secret), NONCE);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(ids), "utf8"), cipher.final(), cipher.getAuthTag()]);
  return [sealed.toString("base64url")];
}

/** The ids that {@link sealedIds} has sealed; `undefined` for what was sealed by another secret, or by none. Never throws. */
export function openedIds(said: readonly string[], by: string, secret: KeySecret): readonly string[] | undefined {
  const [text, ...more] = said;
  if (text === undefined || more.length > 0) return undefined;
  try {
    const sealed = Buffer.from(text, "base64url");
    const decipher = createDecipheriv(ALGORITHM, keyOf(by, secret), NONCE, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const opened = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(opened.toString()) as readonly string[];
  } catch {
    return undefined;
  }
}

function keyOf(by: string, secret: KeySecret): Buffer {
  return createHmac("sha256", secret).update(`tiercache announcement ${by}`).digest();
}
