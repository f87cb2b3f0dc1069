import { isSharedArrayBuffer, isUint8Array } from "node:util/types";
import type { Serializer } from "../contracts/serializer.ts";
import { CacheError } from "../errors.ts";
import { serializerIds } from "./serializer-id.ts";

/**
 * Bytes as they are, for values that are bytes already: responses rendered before, images, what another format has
 * encoded. Copies nothing: `encode` hands on the memory it is given, and `decode` a view of where the bytes were found.
 *
 * So neither may be written to, nor be transferred to a worker: a value that has been handed to the cache, or come from
 * it, is shared with everybody who reads it. A view that would keep more than twice its own size of memory alive, as one
 * of a small frame among others in one reply does, is a copy instead. What comes back is a `Buffer`, whichever kind of
 * `Uint8Array` was put in.
 *
 * `encode` throws `INVALID_VALUE` for anything but a `Uint8Array` (which a `Buffer` is), and for one on a
 * `SharedArrayBuffer`, which other threads may write to meanwhile. `decode` never throws.
 *
 * @example
 * ```ts
 * import { bytes } from "@tiercache/core";
 *
 * const page = Buffer.from("<p>rendered before</p>");
 * console.log(bytes.encode(page, "page:7") === page); // true
 * ```
 */
export const bytes: Serializer = {
  id: serializerIds.bytes,
  sharesBytes: true,
  encode(value) {
    if (!isUint8Array(value)) throw refused(value === null ? "null" : `a value of type ${typeof value}`);
    if (isSharedArrayBuffer(value.buffer)) throw refused("a view of a SharedArrayBuffer");
    return value;
  },
  decode(found) {
    const keepsAlive = found.buffer.byteLength;
    if (keepsAlive > 2 * found.byteLength) return ownCopy(found);
    return Buffer.from(found.buffer, found.byteOffset, found.byteLength);
  },
};

function ownCopy(found: Uint8Array): Buffer {
  // Not `Buffer.from(found)`, whose memory is a part of a pool.
  const { buffer } = new Uint8Array(found);
  return Buffer.from(buffer);
}

function refused(shown: string): CacheError {
  return new CacheError("INVALID_VALUE", `bytes was given ${shown}; allowed is a Uint8Array on memory of its own.`);
}
