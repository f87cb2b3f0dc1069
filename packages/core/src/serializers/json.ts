import type { Serializer } from "../contracts/serializer.ts";
import { CacheError } from "../errors.ts";
import { serializerIds } from "./serializer-id.ts";

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * JSON, readable by eye in Redis: the default serializer. What JSON cannot say is lost on the way (a `Date` comes back
 * as a string, a `Map` as `{}`); use `@tiercache/msgpack` for such values.
 *
 * `encode` throws a `TypeError` for what JSON refuses (a `bigint`, a cycle, a function); `decode` throws `INVALID_VALUE`
 * for bytes that are no JSON.
 */
export const json: Serializer = {
  id: serializerIds.json,
  encode(value, _place, headroom) {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`JSON has no form for a ${typeof value}`);
    if (headroom === undefined) return utf8Encoder.encode(text);
    const memory = Buffer.allocUnsafe(headroom.bytes + Buffer.byteLength(text));
    memory.write(text, headroom.bytes);
    headroom.isLeft = true;
    return memory;
  },
  decode(bytes) {
    try {
      return JSON.parse(utf8Decoder.decode(bytes));
    } catch {
      // The parser's own message quotes the text.
      throw new CacheError("INVALID_VALUE", "These bytes hold no JSON.");
    }
  },
};
