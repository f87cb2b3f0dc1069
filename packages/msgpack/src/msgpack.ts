import { CacheError, type Serializer } from "@tiercache/core";
import { Packr } from "msgpackr";
import { encodeVector } from "./float32-vector.ts";
import { Inspector } from "./inspector.ts";
import { isLifted, lift, restore } from "./lifting.ts";

/** 2 stands for MessagePack in every frame. */
const MSGPACK_ID = 2;

/** A serializer that makes the same bytes wherever they are going to lie, so that it may be used without a place. */
export interface MessagePackSerializer extends Serializer {
  encode(value: unknown, place?: string): Uint8Array;
  decode(bytes: Uint8Array, place?: string): unknown;
}

/**
 * Makes a serializer that is smaller and faster than JSON for numbers and bytes, and exact: what it encodes comes back
 * as it was, and what cannot is refused instead of changed.
 *
 * It keeps what JSON keeps, and `undefined`, `NaN`, `±Infinity`, `-0`, a `bigint` of 64 bits, `Date`, `Map`, `Set`,
 * `ArrayBuffer`, `DataView` and the typed arrays, whose elements take their own size (a `Float32Array` 4 bytes a number)
 * and come back in memory of their own. Two things come back as something plainer: a `Buffer` as a `Uint8Array`, and an
 * object without a prototype as an ordinary one. An object that stands in two places comes back as two.
 *
 * Any MessagePack reader understands what it writes but for typed arrays, `Map` and `Set`. Numbers in typed arrays are
 * little-endian. If the optional package `msgpackr-extract` is installed, msgpackr decodes strings in native code; the
 * environment variable `MSGPACKR_NATIVE_ACCELERATION_DISABLED=true` turns that off where Redis is not to be trusted with
 * it.
 *
 * `encode` throws `INVALID_VALUE` for functions, symbols, larger bigints, class instances, errors, regular expressions,
 * promises, strings that are not well-formed Unicode, lists with holes, an own key `__proto__`, and anything nested more
 * than 64 deep, which a cycle is. The message says where in the value it stands (`$.user.tags[3]`) and of what kind it
 * is. `decode` throws `INVALID_VALUE` for bytes that are no MessagePack.
 *
 * @throws `INVALID_OPTION` on a big-endian machine.
 *
 * @example
 * ```ts
 * import { msgpack } from "@tiercache/msgpack";
 *
 * const serializer = msgpack();
 * const bytes = serializer.encode({ id: 7n, seen: new Date(5_000), vector: new Float32Array(768) });
 * console.log(bytes.byteLength); // 3108
 * const { seen } = serializer.decode(bytes) as { seen: Date };
 * console.log(seen.getTime()); // 5000
 * ```
 */
export function msgpack(): MessagePackSerializer {
  if (!isLittleEndian()) throw new CacheError("INVALID_OPTION", "msgpack() needs a little-endian machine.");
  const packr = newPackr();
  const inspector = new Inspector();
  return {
    id: MSGPACK_ID,
    encode: (value) => encodeVector(value) ?? packr.pack(inspector.mustLift(value) ? lift(value) : value),
    decode(bytes) {
      // A plain view, as msgpackr makes what it finds of the same kind as what it was given, and marks that.
      const source = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      try {
        const value: unknown = packr.unpack(source);
        return isLifted(source) ? restore(value) : value;
      } catch {
        // msgpackr's own message shows a part of the value.
        throw new CacheError("INVALID_VALUE", "These bytes hold no value that msgpack() has encoded.");
      }
    },
  };
}

function newPackr(): Packr {
  return new Packr({
    // A record's shape is either sent each time or shared beyond the message, which mixes up values of two writers.
    useRecords: false,
    variableMapSize: true,
    mapsAsObjects: true,
    // Has to be said: only an explicit `false` refuses references, by which a few bytes decode into a huge value.
    structuredClone: false,
    // Without it a typed array is encoded as its numbers cut to bytes, followed by memory that was never cleared.
    moreTypes: true,
    copyBuffers: true,
    int64AsType: "bigint",
    // Else a key of that name would be called.
    useToJSON: false,
  });
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
