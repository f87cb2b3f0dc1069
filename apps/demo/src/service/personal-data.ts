import { randomBytes } from "node:crypto";
import { compress, encrypt, type Serializer } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";

const SECRET_BYTES = 32;

/**
 * The serializer of what belongs to a person: resumes and preferences. Whoever reads the Redis server sees that something is
 * cached, and of which user, but not what.
 */
export function personalData(secret: Uint8Array): Serializer {
  return encrypt(compress(msgpack()), { keys: [{ id: 1, secret }] });
}

/**
 * The secret in `PERSONAL_DATA_SECRET`, 32 bytes in base64. Without it one is drawn for this process: what it has cached is
 * unreadable to the next one, which loads it anew.
 *
 * @throws `TypeError`, naming the variable and what is allowed, never what was given.
 */
export function personalDataSecret(environment: NodeJS.ProcessEnv): Uint8Array {
  const text = environment["PERSONAL_DATA_SECRET"];
  if (text === undefined || text === "") return randomBytes(SECRET_BYTES);
  const secret = Buffer.from(text, "base64");
  if (secret.byteLength === SECRET_BYTES) return secret;
  throw new TypeError(`PERSONAL_DATA_SECRET is not ${SECRET_BYTES} bytes in base64.`);
}
