import type { Serializer } from "../contracts/serializer.ts";
import { CacheError } from "../errors.ts";
import { checkOptions, invalidOption, type OptionRule, positiveInteger } from "../option-rules.ts";
import { type Compression, type CompressionAlgorithm, compressionOf, compressions } from "./compression.ts";
import { GainEstimate } from "./gain-estimate.ts";
import { serializerIds } from "./serializer-id.ts";
import { checkInnerSerializer } from "./serializer-rules.ts";

/** How {@link compress} compresses. */
export interface CompressOptions {
  /**
   * Shorter encodings are stored as they are, in bytes; at least 1. Below the default a frame fits into one network
   * packet anyway, and what is saved is not worth the 15 µs. @defaultValue 1_024
   */
  readonly fromBytes?: number;
  /**
   * What writes; readers read all that this Node has. `"zstd"` needs Node 22.15.
   * @defaultValue `"deflate"` below 8,192 bytes, where it takes half the time of zstd and the result is as small; from
   * there on `"zstd"` where this Node has it
   */
  readonly algorithm?: CompressionAlgorithm;
  /**
   * How hard the algorithm tries: 1 to 9 for deflate, 0 to 11 for brotli, 1 to 19 for zstd. Only beside `algorithm`.
   * @defaultValue 1 for deflate and brotli, 3 for zstd: the fast ones
   */
  readonly level?: number;
  /**
   * The longest encoding that is compressed or inflated, in bytes, up to 2^32 - 1. A longer one is stored as it is; bytes
   * that claim to inflate to more are refused before anything is inflated. @defaultValue 67_108_864, which is 64 MiB
   */
  readonly maxBytes?: number;
}

/*
 * Stored as it is:   0  1  id of the wrapped serializer
 *                    1  1  0
 *                    2  .. its encoding
 * Compressed:        0  1  id of the wrapped serializer
 *                    1  1  id of the algorithm
 *                    2  4  length of the encoding, big-endian
 *                    6  .. the encoding, compressed
 */
const STORED = 0;
const STORED_HEADER_BYTES = 2;
const COMPRESSED_HEADER_BYTES = 6;

const DEFAULT_FROM_BYTES = 1_024;
const DEFAULT_MAX_BYTES = 64 * 1_024 * 1_024;
const ZSTD_FROM_BYTES = 8_192;

/** What is compressed must be at most this part of what it was: inflating is only worth it for something. */
const WORTHWHILE = 0.9;

const optionRules: Readonly<Record<keyof CompressOptions, OptionRule>> = {
  fromBytes: positiveInteger,
  algorithm: {
    allowed: `one that this Node has: ${Object.keys(compressions).join(", ")}`,
    accepts: (value) => typeof value === "string" && Object.hasOwn(compressions, value),
  },
  level: { allowed: "a whole number", accepts: Number.isInteger },
  maxBytes: {
    allowed: "a whole number from 1 to 4294967295",
    accepts: (value) => positiveInteger.accepts(value) && (value as number) < 2 ** 32,
  },
};

/** What is encrypted does not compress, and what is signed is to be checked before anything is inflated. */
const WRAPPERS: ReadonlySet<number> = new Set([
  serializerIds.compressed,
  serializerIds.encrypted,
  serializerIds.signed,
]);

/** By what to compress. */
interface Choice {
  readonly compression: Compression;
  readonly level: number;
}

const usualForShort = chosen("deflate");
const usualForLong = chosen(compressions.zstd === undefined ? "deflate" : "zstd");

class CompressingSerializer implements Serializer {
  readonly id: number = serializerIds.compressed;
  readonly sharesBytes: boolean;
  readonly #inner: Serializer;
  readonly #fromBytes: number;
  readonly #maxBytes: number;
  /** `undefined` for the usual one of each size. */
  readonly #choice: Choice | undefined;
  readonly #estimate = new GainEstimate();

  constructor(inner: Serializer, options: CompressOptions) {
    this.#inner = inner;
    this.sharesBytes = inner.sharesBytes === true;
    this.#fromBytes = options.fromBytes ?? DEFAULT_FROM_BYTES;
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#choice = choiceOf(options);
  }

  encode(value: unknown, place: string): Uint8Array {
    const encoding = this.#inner.encode(value, place);
    return this.#compressed(encoding, place) ?? this.#stored(encoding);
  }

  decode(bytes: Uint8Array, place: string): unknown {
    if (bytes[0] !== this.#inner.id) throw unreadable();
    const encoding = bytes[1] === STORED ? bytes.subarray(STORED_HEADER_BYTES) : this.#expanded(bytes);
    return this.#inner.decode(encoding, place);
  }

  /** `undefined` where it is not worth it. */
  #compressed(encoding: Uint8Array, place: string): Uint8Array | undefined {
    const { byteLength } = encoding;
    if (byteLength < this.#fromBytes || byteLength > this.#maxBytes) return undefined;
    const namespace = namespaceOf(place);
    if (!this.#estimate.worthTrying(namespace)) return undefined;
    const { compression, level } = this.#choice ?? usualFor(byteLength);
    const compressed = compression.compress(encoding, level);
    const gained = COMPRESSED_HEADER_BYTES + compressed.byteLength <= WORTHWHILE * byteLength;
    this.#estimate.learn(namespace, gained);
    if (!gained) return undefined;
    const bytes = Buffer.allocUnsafe(COMPRESSED_HEADER_BYTES + compressed.byteLength);
    bytes[0] = this.#inner.id;
    bytes[1] = compression.id;
    bytes.writeUInt32BE(byteLength, 2);
    bytes.set(compressed, COMPRESSED_HEADER_BYTES);
    return bytes;
  }

  #stored(encoding: Uint8Array): Uint8Array {
    const bytes = Buffer.allocUnsafe(STORED_HEADER_BYTES + encoding.byteLength);
    bytes[0] = this.#inner.id;
    bytes[1] = STORED;
    bytes.set(encoding, STORED_HEADER_BYTES);
    return bytes;
  }

  #expanded(bytes: Uint8Array): Uint8Array {
    const compression = compressionOf(bytes[1]);
    if (compression === undefined || bytes.byteLength < COMPRESSED_HEADER_BYTES) throw unreadable();
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(2);
    if (length > this.#maxBytes) throw unreadable();
    const encoding = expandedTo(length, compression, bytes.subarray(COMPRESSED_HEADER_BYTES));
    if (encoding?.byteLength !== length) throw unreadable();
    return encoding;
  }
}

function expandedTo(length: number, compression: Compression, bytes: Uint8Array): Uint8Array | undefined {
  try {
    return compression.expand(bytes, length);
  } catch {
    return undefined;
  }
}

function unreadable(): CacheError {
  return new CacheError("INVALID_VALUE", "These bytes hold no value that compress() has encoded and may inflate here.");
}

/** What a place has in common with the others of its namespace. */
function namespaceOf(place: string): string {
  const end = place.indexOf(":");
  return end === -1 ? place : place.slice(0, end);
}

function usualFor(byteLength: number): Choice {
  return byteLength < ZSTD_FROM_BYTES ? usualForShort : usualForLong;
}

function choiceOf({ algorithm, level }: CompressOptions): Choice | undefined {
  if (algorithm !== undefined) return chosen(algorithm, level);
  if (level === undefined) return undefined;
  throw invalidOption("compress.level", level, { allowed: "a level only beside the algorithm that it is for" });
}

function chosen(algorithm: CompressionAlgorithm, level?: number): Choice {
  // The rules have made sure that it is there.
  const compression = compressions[algorithm] as Compression;
  const { lowest, highest, usual } = compression.levels;
  if (level === undefined) return { compression, level: usual };
  if (level >= lowest && level <= highest) return { compression, level };
  const allowed = `a whole number from ${lowest} to ${highest} for ${algorithm}`;
  throw invalidOption("compress.level", level, { allowed });
}

/**
 * Wraps a serializer so that longer encodings are compressed, where that makes them at least a tenth smaller. A
 * namespace whose values turn out not to compress is tried less and less often.
 *
 * Adds 2 bytes to what is stored as it is, 6 to what is compressed. Every instance reads what any other wrote over the
 * same serializer, whichever algorithm it chose, as long as this Node has it. Synchronous, as serializers are: the event
 * loop stands still meanwhile, some 2 ms for each MB that is compressed and half of that for reading it.
 *
 * `decode` throws `INVALID_VALUE` for bytes of another serializer, for an algorithm that this Node lacks, for what is
 * damaged and for what claims more than `maxBytes`.
 *
 * @param serializer - What makes the bytes. Not `encrypt()` or `sign()`: those go around, `encrypt(compress(json), …)`.
 * @throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { compress, json } from "@tiercache/core";
 *
 * const serializer = compress(json, { algorithm: "deflate" });
 * const list = Array.from({ length: 100 }, (_, id) => ({ id, place: "Zurich" }));
 * console.log(json.encode(list, "list:7").byteLength); // 2691
 * console.log(serializer.encode(list, "list:7").byteLength < 300); // true
 * ```
 */
export function compress(serializer: Serializer, options: CompressOptions = {}): Serializer {
  checkInnerSerializer("compress", serializer);
  if (WRAPPERS.has(serializer.id)) {
    const message = "compress() cannot wrap compress(), encrypt() or sign(): it goes inside, encrypt(compress(…), …).";
    throw new CacheError("INVALID_OPTION", message);
  }
  checkOptions("compress", options, optionRules);
  return new CompressingSerializer(serializer, options);
}
