const SLOTS = 16_384;

/** CRC-16/XMODEM (polynomial 0x1021), a byte at a time. */
const TABLE: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 8;
  for (let bit = 0; bit < 8; bit++) rest = (rest & 0x8000) === 0 ? rest << 1 : (rest << 1) ^ 0x1021;
  return rest;
});

/**
 * The slot of a cluster that a key lies in: a checksum of its bytes, or of those between its first `{` and the next `}`
 * where there are any, so that keys can be kept together. (Redis Cluster specification.)
 */
export function keySlot(key: string): number {
  const bytes = Buffer.from(hashedPart(key));
  let rest = 0;
  for (const byte of bytes) rest = ((rest << 8) ^ (TABLE[((rest >> 8) ^ byte) & 0xff] as number)) & 0xffff;
  return rest % SLOTS;
}

function hashedPart(key: string): string {
  const from = key.indexOf("{") + 1;
  const to = from === 0 ? 0 : key.indexOf("}", from);
  return to > from ? key.slice(from, to) : key;
}
