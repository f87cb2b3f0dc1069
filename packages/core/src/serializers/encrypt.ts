import { createCipheriv, createDecipheriv, randomFillSync } from "node:crypto";
import type { Serializer } from "../contracts/serializer.ts";
import { CacheError } from "../errors.ts";
import { associatedData } from "./associated-data.ts";
import { KeyRing, type KeyRingOptions, type RingKey } from "./key-ring.ts";
import { serializerIds } from "./serializer-id.ts";
import { checkInnerSerializer } from "./serializer-rules.ts";

/** With what {@link encrypt} encrypts. */
export interface EncryptOptions extends KeyRingOptions {}

/*
 *    0  1  id of the key
 *    1 12  nonce
 *   13  .. the encoding, encrypted
 *  -16 16  tag
 */
const ALGORITHM = "aes-256-gcm";
const NONCE_AT = 1;
const NONCE_BYTES = 12;
const TEXT_AT = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;

class EncryptingSerializer implements Serializer {
  readonly id: number = serializerIds.encrypted;
  readonly #inner: Serializer;
  readonly #ring: KeyRing;

  constructor(inner: Serializer, ring: KeyRing) {
    this.#inner = inner;
    this.#ring = ring;
  }

  encode(value: unknown, place: string): Uint8Array {
    const encoding = this.#inner.encode(value, place);
    const { id, key } = this.#ring.current;
    const bytes = Buffer.allocUnsafe(TEXT_AT + encoding.byteLength + TAG_BYTES);
    bytes[0] = id;
    // Drawn for each message: a store of random bytes would be used twice by two copies of a frozen process.
    randomFillSync(bytes, NONCE_AT, NONCE_BYTES);
    const nonce = bytes.subarray(NONCE_AT, TEXT_AT);
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.#associatedData(id, place));
    bytes.set(cipher.update(encoding), TEXT_AT);
    cipher.final();
    bytes.set(cipher.getAuthTag(), bytes.byteLength - TAG_BYTES);
    return bytes;
  }

  decode(bytes: Uint8Array, place: string): unknown {
    const key = this.#ring.find(bytes[0]);
    const encoding = key === undefined ? undefined : this.#opened(bytes, key, place);
    if (encoding === undefined) {
      // Which of the reasons it is would help nobody but who tries.
      throw new CacheError("INVALID_VALUE", "These bytes do not open with any key of encrypt() at the place they are.");
    }
    return this.#inner.decode(encoding, place);
  }

  #opened(bytes: Uint8Array, { id, key }: RingKey, place: string): Uint8Array | undefined {
    const textEnd = bytes.byteLength - TAG_BYTES;
    if (textEnd < TEXT_AT) return undefined;
    try {
      const nonce = bytes.subarray(NONCE_AT, TEXT_AT);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(this.#associatedData(id, place));
      decipher.setAuthTag(bytes.subarray(textEnd));
      const encoding = decipher.update(bytes.subarray(TEXT_AT, textEnd));
      // Throws unless the tag is right: nothing is decoded before.
      decipher.final();
      return encoding;
    } catch {
      return undefined;
    }
  }

  #associatedData(keyId: number, place: string): Uint8Array {
    return associatedData({ sealer: this.id, inner: this.#inner.id, keyId, place });
  }
}

/**
 * Wraps a serializer so that its bytes can neither be read nor made nor moved to another key by whoever lacks the secret:
 * AES-256-GCM (NIST SP 800-38D), bound to the place they lie at, the key's id and the wrapped serializer's id. Keys are
 * changed without losing what is stored: the first one writes, all of them read.
 *
 * Adds 29 bytes. Does not hide how long a value is, its key in Redis, nor its instants; nor does it keep anyone who may
 * write to Redis from deleting it or putting an older value of the same key back (docs/serializers.md). The nonce is
 * random: change a secret before all processes together have written 2^32 values with it, which at 1,000 a second is
 * seven weeks.
 *
 * `decode` throws one and the same `INVALID_VALUE` for bytes that are damaged, made elsewhere, moved, or of a key that is
 * not given.
 *
 * @param serializer - What makes the bytes. To compress too, compress first: `encrypt(compress(json), …)`.
 * @throws `INVALID_OPTION`, with no secret in it.
 *
 * @example
 * ```ts
 * import { randomBytes } from "node:crypto";
 * import { encrypt, json } from "@tiercache/core";
 *
 * const secret = randomBytes(32); // yours comes from where secrets are kept
 * const serializer = encrypt(json, { keys: [{ id: 1, secret }] });
 * const bytes = serializer.encode({ name: "Ada" }, "cv:7");
 * console.log(bytes.byteLength); // 43
 * console.log(serializer.decode(bytes, "cv:7")); // { name: "Ada" }
 * ```
 */
export function encrypt(serializer: Serializer, options: EncryptOptions): Serializer {
  checkInnerSerializer("encrypt", serializer);
  return new EncryptingSerializer(serializer, KeyRing.of("encrypt", options));
}
