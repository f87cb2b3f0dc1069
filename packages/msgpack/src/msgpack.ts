import {
  CacheError,
  checkOptions,
  type Headroom,
  type OptionRule,
  positiveInteger,
  type Serializer,
} from "@tiercache/core";
import type { Limits } from "./budget.ts";
import { Decoder } from "./decoder.ts";
import { Encoder } from "./encoder.ts";
import { Refusal } from "./refusal.ts";

/** How {@link msgpack} encodes, and how much a value may be. `encode` and `decode` refuse what is beyond the limits. */
export interface MsgpackOptions {
  /**
   * `"float32"` stores a list of numbers that is the whole value, as an embedding is, in 4 bytes a number, and gives it back as
   * a list of numbers. **They lose precision**: of 15 to 17 significant digits about 7 are left, whole numbers are exact up to
   * 2²⁴, and what is nearer to 0 than 1e-45 becomes 0. A list with anything else than finite numbers below 3.4e38 is
   * refused; what is no list is encoded as ever, a `Float32Array` exactly. Every `msgpack()` decodes what was stored so.
   * @defaultValue none: a list of numbers is kept exactly, in up to 9 bytes a number
   */
  readonly vector?: "float32";
  /** The most bytes of an encoded value; a whole number from 1 to 2³⁰. @defaultValue 4_194_304, which is 4 MiB */
  readonly maxBytes?: number;
  /** How deep lists, objects, Maps and Sets may stand in one another; a whole number from 1 to 1_000. @defaultValue 64 */
  readonly maxDepth?: number;
  /**
   * The most nodes of a value; a whole number of at least 1. A node is about 8 bytes of memory or 10 ns of decoding: a whole
   * number, a boolean or a `null` is 1, a fraction 2, a list 7, an object 8, a short string 9, a `Date` 13, a typed array 57, a Map
   * or a Set 31, an entry of these 25 with its key. A key of an object is 7, and 250 more when no object in the value had it behind
   * the same keys. The n-th number in Sets and as key of Maps is n / 4 more, so that a value has 2,798 of them at the most by default.
   * @defaultValue 1_048_576, which is 8 MiB and about 10 ms
   */
  readonly maxNodes?: number;
}

/** 2 stands for MessagePack in every frame. */
const MSGPACK_ID = 2;

const defaultLimits: Limits = { maxBytes: 2 ** 22, maxDepth: 64, maxNodes: 2 ** 20 };

function wholeNumberTo(most: number): OptionRule {
  return {
    allowed: `a whole number from 1 to ${most}`,
    accepts: (value) => positiveInteger.accepts(value) && (value as number) <= most,
  };
}

const optionRules: Readonly<Record<keyof MsgpackOptions, OptionRule>> = {
  vector: { allowed: '"float32"', accepts: (value) => value === "float32" },
  maxBytes: wholeNumberTo(2 ** 30),
  maxDepth: wholeNumberTo(1_000),
  maxNodes: positiveInteger,
};

/** A serializer that makes the same bytes wherever they are going to lie, so that it may be used without a place. */
export interface MessagePackSerializer extends Serializer {
  encode(value: unknown, place?: string, headroom?: Headroom): Uint8Array;
  decode(bytes: Uint8Array, place?: string): unknown;
}

/**
 * Makes a serializer that is smaller and faster than JSON for numbers and bytes, and exact: what it encodes comes back as it
 * was, and what cannot is refused instead of changed.
 *
 * It keeps what JSON keeps, and `undefined`, `NaN`, `±Infinity`, `-0`, a `bigint` of 64 bits, `Date`, `Map`, `Set`,
 * `ArrayBuffer`, `DataView` and the typed arrays, whose elements take their own size (a `Float32Array` 4 bytes a number) and
 * come back in memory of their own. Some things come back as something plainer: a `Buffer` as a `Uint8Array`; an object
 * without a prototype, a frozen one and one with getters as an ordinary one with what they gave. An object that stands
 * in two places comes back as two. Properties added to a typed array are not kept, nor are those of a list that are
 * symbols or not enumerable.
 *
 * Any MessagePack reader understands what it writes but for `Map` and `Set`; typed arrays and `Set` are written as msgpackr does.
 * Numbers in typed arrays are little-endian.
 *
 * Bytes from anywhere can be decoded: the value takes no more than about 10 times their size and 4 MiB of memory, nor more time
 * than `maxNodes` stands for; no code is generated, none is run, and no prototype is touched.
 *
 * `encode` throws `INVALID_VALUE` for functions, symbols, larger bigints, class instances, errors, regular expressions,
 * promises, strings that are not well-formed Unicode, lists with holes or further properties, objects with keys that are
 * symbols or not enumerable or `__proto__`, getters and proxies that throw, cycles, and what is beyond the limits. The message
 * says where in the value it stands (`$.user.tags[3]`) and of what kind it is. `decode` throws `INVALID_VALUE` for bytes that hold no
 * such value, or one beyond these limits: have the same ones in all processes, or raise them in the readers first.
 *
 * @throws `INVALID_OPTION`; also on a big-endian machine.
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
 *
 * const vectors = msgpack({ vector: "float32" });
 * const embedding = vectors.encode([0.1, 0.2, 0.3]);
 * console.log(embedding.byteLength); // 15
 * console.log(vectors.decode(embedding)); // [ 0.10000000149011612, 0.20000000298023224, 0.30000001192092896 ]
 * ```
 */
export function msgpack(options: MsgpackOptions = {}): MessagePackSerializer {
  checkOptions("msgpack", options, optionRules);
  if (!isLittleEndian()) throw new CacheError("INVALID_OPTION", "msgpack() needs a little-endian machine.");
  const limits: Limits = {
    maxBytes: options.maxBytes ?? defaultLimits.maxBytes,
    maxDepth: options.maxDepth ?? defaultLimits.maxDepth,
    maxNodes: options.maxNodes ?? defaultLimits.maxNodes,
  };
  const decoder = new Decoder(limits);
  let idle: Encoder | undefined = new Encoder(limits);
  return {
    id: MSGPACK_ID,
    encode(value, _place, headroom) {
      // A getter of the value may encode something itself.
      const encoder = idle ?? new Encoder(limits);
      idle = undefined;
      try {
        encoder.begin(headroom === undefined ? 0 : headroom.bytes);
        const isVector = options.vector !== undefined && isList(value);
        const bytes = isVector ? encoder.encodeVector(value) : encoder.encode(value);
        if (headroom !== undefined) headroom.isLeft = true;
        return bytes;
      } catch (thrown) {
        throw Refusal.under(undefined, thrown).toCacheError();
      } finally {
        idle = encoder;
      }
    },
    decode(bytes) {
      try {
        return decoder.decode(bytes);
      } catch (cause) {
        throw new CacheError("INVALID_VALUE", "These bytes hold no value that msgpack() has encoded.", { cause });
      }
    },
  };
}

/** Whether a value is a list as such; one of a subclass is refused like every instance of a class. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype;
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
