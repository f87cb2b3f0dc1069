import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import zlib from "node:zlib";
import { expect, test } from "vitest";
import { bytes } from "../src/index.ts";

const MIB = 1_024 * 1_024;
const CONTENT_BYTES = 192 * MIB;

/** The algorithms, with the ids by which `compress()` stores them. */
const bombs: readonly (readonly [name: string, id: number, bomb: () => Uint8Array])[] = [
  ["deflate", 1, () => zlib.deflateRawSync(Buffer.alloc(CONTENT_BYTES), { level: 1 })],
  [
    "brotli",
    2,
    () =>
      zlib.brotliCompressSync(Buffer.alloc(CONTENT_BYTES), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
  ],
  ...("zstdCompressSync" in zlib
    ? [["zstd", 3, () => zlib.zstdCompressSync(Buffer.alloc(CONTENT_BYTES))] as const]
    : []),
];

/** Decodes what comes in and tells by how much the process has ever been larger than before. */
const program = `
import { buffer } from "node:stream/consumers";
import { bytes, compress } from "@tiercache/core";

const bomb = await buffer(process.stdin);
const serializer = compress(bytes);
for (const algorithm of ["deflate", "brotli"]) {
  serializer.decode(compress(bytes, { algorithm }).encode(Buffer.alloc(100_000), "warm:up"), "warm:up");
}
const before = process.resourceUsage().maxRSS;
let outcome = "a value";
try {
  serializer.decode(bomb, "page:1");
} catch (error) {
  outcome = error.code;
}
console.log(JSON.stringify({ outcome, grownMib: (process.resourceUsage().maxRSS - before) / 1_024 }));
`;

async function decodedElsewhere(bomb: Uint8Array): Promise<{ outcome: string; grownMib: number }> {
  const args = ["--conditions=@tiercache/source", "--no-warnings", "--input-type=module", "--eval", program];
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(bomb);
  return JSON.parse(await text(child.stdout)) as { outcome: string; grownMib: number };
}

function bombOf(id: number, claimedBytes: number, compressed: Uint8Array): Uint8Array {
  const header = Buffer.from([bytes.id, id, 0, 0, 0, 0]);
  header.writeUInt32BE(claimedBytes, 2);
  return Buffer.concat([header, compressed]);
}

test.each(bombs)(
  "a bomb of %s is refused without being inflated, whether it says its length or lies",
  async (_, id, bomb) => {
    const compressed = bomb();
    expect(compressed.byteLength).toBeLessThan(CONTENT_BYTES / 200);
    for (const claimedBytes of [CONTENT_BYTES, 1_000]) {
      const { outcome, grownMib } = await decodedElsewhere(bombOf(id, claimedBytes, compressed));
      expect(outcome).toBe("INVALID_VALUE");
      expect(grownMib).toBeLessThan(32);
    }
  },
);
