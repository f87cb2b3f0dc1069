/*
 * The part of MessagePack that is written and read. Numbers are big-endian but for the elements of typed arrays, which
 * are little-endian.
 */

export const FIX_RECORD = 0x80;
export const FIX_LIST = 0x90;
export const FIX_STRING = 0xa0;
export const NIL = 0xc0;
export const FALSE = 0xc2;
export const TRUE = 0xc3;
export const BYTES_8 = 0xc4;
export const BYTES_16 = 0xc5;
export const BYTES_32 = 0xc6;
export const EXT_8 = 0xc7;
export const EXT_16 = 0xc8;
export const EXT_32 = 0xc9;
export const FLOAT_32 = 0xca;
export const FLOAT_64 = 0xcb;
export const UINT_8 = 0xcc;
export const UINT_16 = 0xcd;
export const UINT_32 = 0xce;
export const UINT_64 = 0xcf;
export const INT_8 = 0xd0;
export const INT_16 = 0xd1;
export const INT_32 = 0xd2;
export const INT_64 = 0xd3;
export const FIX_EXT_1 = 0xd4;
export const FIX_EXT_4 = 0xd6;
export const FIX_EXT_8 = 0xd7;
export const STRING_8 = 0xd9;
export const STRING_16 = 0xda;
export const STRING_32 = 0xdb;
export const LIST_16 = 0xdc;
export const LIST_32 = 0xdd;
export const RECORD_16 = 0xde;
export const RECORD_32 = 0xdf;
export const FIX_NEGATIVE = 0xe0;

/** `undefined`; its content is one byte 0. */
export const TYPE_UNDEFINED = 0x00;
/** A `Map`: a content of one byte 0, and behind it a MessagePack map with keys of any kind. */
export const TYPE_MAP = 0x6d;
/** A `Set`, as msgpackr has it: a content of one byte 0, and behind it a list. */
export const TYPE_SET = 0x73;
/** A typed array, as msgpackr has it: a byte for its kind (`typed-arrays.ts`), then its bytes. */
export const TYPE_TYPED_ARRAY = 0x74;
/** A list of numbers of 32 bits. */
export const TYPE_VECTOR = 0x76;
/** MessagePack's own timestamp of 4, 8 or 12 bytes; one byte 0xff is an invalid `Date`, as msgpackr has it. */
export const TYPE_DATE = 0xff;

/** The most bytes of a token and a length. */
export const MOST_HEAD_BYTES = 5;

/** How many bytes stand in front of a string of so many. */
export function stringHeadBytes(bytes: number): number {
  if (bytes < 2 ** 5) return 1;
  if (bytes < 2 ** 8) return 2;
  return bytes < 2 ** 16 ? 3 : MOST_HEAD_BYTES;
}
