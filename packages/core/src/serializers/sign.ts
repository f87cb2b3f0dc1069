import { createHmac, timingSafeEqual } from "node:crypto";
import type { Serializer } from "../contracts/serializer.ts";
import { CacheError } from "../errors.ts";
import { associatedData } from "./associated-data.ts";
import { KeyRing, type KeyRingOptions, type RingKey } from "./key-ring.ts";
import { serializerIds } from "./serializer-id.ts";
import { checkInnerSerializer } from "./serializer-rules.ts";

/** With what {@link sign} signs. */
export interface SignOptions extends KeyRingOptions {}

/*
 *    0  1  id of the key
 *    1  .. the encoding
 *  -16 16  authentication code: the first half of HMAC-SHA-256 over the associated data and the encoding
 */
const ENCODING_AT = 1;
const CODE_BYTES = 16;

class SigningSerializer implements Serializer {
  readonly id: number = serializerIds.signed;
  readonly sharesBytes: boolean;
  readonly #inner: Serializer;
  readonly #ring: KeyRing;

  constructor(inner: Serializer, ring: KeyRing) {
    this.#inner = inner;
    this.sharesBytes = inner.sharesBytes === true;
    this.#ring = ring;
  }

  encode(value: unknown, place: string): Uint8Array {
    const encoding = this.#inner.encode(value, place);
    const key = this.#ring.current;
    const codeAt = ENCODING_AT + encoding.byteLength;
    const bytes = Buffer.allocUnsafe(codeAt + CODE_BYTES);
    bytes[0] = key.id;
    bytes.set(encoding, ENCODING_AT);
    bytes.set(this.#codeOf(bytes.subarray(ENCODING_AT, codeAt), key, place), codeAt);
    return bytes;
  }

  decode(bytes: Uint8Array, place: string): unknown {
    const key = this.#ring.find(bytes[0]);
    const codeAt = bytes.byteLength - CODE_BYTES;
    if (key === undefined || codeAt < ENCODING_AT) throw notGenuine();
    const encoding = bytes.subarray(ENCODING_AT, codeAt);
    if (!timingSafeEqual(this.#codeOf(encoding, key, place), bytes.subarray(codeAt))) throw notGenuine();
    return this.#inner.decode(encoding, place);
  }

  #codeOf(encoding: Uint8Array, { id, key }: RingKey, place: string): Uint8Array {
    const hmac = createHmac("sha256", key);
    hmac.update(associatedData({ sealer: this.id, inner: this.#inner.id, keyId: id, place }));
    return hmac.update(encoding).digest().subarray(0, CODE_BYTES);
  }
}

function notGenuine(): CacheError {
  return new CacheError(
    "INVALID_VALUE",
    "These bytes were not signed with any key of sign() for the place they are at.",
  );
}

/**
 * Wraps a serializer so that its bytes can neither be made nor changed nor moved to another key by whoever lacks the
 * secret, while everybody can read them: HMAC-SHA-256 cut to 16 bytes (RFC 2104), bound to the place they lie at, the
 * key's id and the wrapped serializer's id. Keys are changed as with `encrypt()`, which does this too: one of the two is
 * enough.
 *
 * Adds 17 bytes. Does not keep anyone who may write to Redis from deleting a value or putting an older one of the same
 * key back (docs/serializers.md).
 *
 * `decode` throws one and the same `INVALID_VALUE` for bytes that are damaged, made elsewhere, moved, or of a key that is
 * not given.
 *
 * @param serializer - What makes the bytes. To compress too, compress first: `sign(compress(json), …)`.
 * @throws `INVALID_OPTION`, with no secret in it.
 *
 * @example
 * ```ts
 * import { randomBytes } from "node:crypto";
 * import { json, sign } from "@tiercache/core";
 *
 * const secret = randomBytes(32); // yours comes from where secrets are kept
 * const serializer = sign(json, { keys: [{ id: 1, secret }] });
 * const bytes = serializer.encode({ name: "Ada" }, "user:7");
 * console.log(Buffer.from(bytes).includes('{"name":"Ada"}')); // true
 * ```
 */
export function sign(serializer: Serializer, options: SignOptions): Serializer {
  checkInnerSerializer("sign", serializer);
  return new SigningSerializer(serializer, KeyRing.of("sign", options));
}
