// The module as a whole: a Node without zstd has no such export to be named.
import zlib from "node:zlib";

/** How bytes are made smaller: by which of the algorithms of `node:zlib`. */
export type CompressionAlgorithm = "deflate" | "brotli" | "zstd";

/** One algorithm, as this Node has it. */
export interface Compression {
  /** Stands in stored bytes: none ever changes. 0 is "not compressed". */
  readonly id: number;
  /** The levels it knows, and the one taken when none is asked for, which is among its fastest. */
  readonly levels: { readonly lowest: number; readonly highest: number; readonly usual: number };
  compress(bytes: Uint8Array, level: number): Uint8Array;
  /**
   * What was compressed.
   *
   * @param length - How long it is; above 0. No more than that is ever inflated.
   * @throws For bytes that are not compressed, or whose content is longer.
   */
  expand(bytes: Uint8Array, length: number): Uint8Array;
}

const { constants } = zlib;

/** Without the header and the check sum of zlib's own format: a frame has its own. */
const deflate: Compression = {
  id: 1,
  levels: { lowest: 1, highest: 9, usual: 1 },
  compress: (bytes, level) => zlib.deflateRawSync(bytes, { level }),
  expand: (bytes, length) => zlib.inflateRawSync(bytes, { maxOutputLength: length }),
};

const brotli: Compression = {
  id: 2,
  levels: { lowest: 0, highest: 11, usual: 1 },
  compress: (bytes, level) => zlib.brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: level } }),
  expand: (bytes, length) => zlib.brotliDecompressSync(bytes, { maxOutputLength: length }),
};

/** 8 MiB, the largest window of the levels we allow. */
const ZSTD_WINDOW_LOG = 23;

const zstd: Compression = {
  id: 3,
  levels: { lowest: 1, highest: 19, usual: 3 },
  compress: (bytes, level) => zlib.zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } }),
  expand: (bytes, length) =>
    zlib.zstdDecompressSync(bytes, {
      maxOutputLength: length,
      // A frame says itself how large a window its reader must make, up to 128 MiB if not told otherwise.
      params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
    }),
};

/** Whether this Node has zstd: from 22.15 and 23.8 on. */
const hasZstd = typeof (zlib as Partial<typeof zlib>).zstdCompressSync === "function";

/** The algorithms this Node has. */
export const compressions: Readonly<Partial<Record<CompressionAlgorithm, Compression>>> & {
  readonly deflate: Compression;
} = hasZstd ? { deflate, brotli, zstd } : { deflate, brotli };

/** The algorithm of an id, if this Node has it. */
export function compressionOf(id: number | undefined): Compression | undefined {
  return Object.values(compressions).find((compression) => compression.id === id);
}
