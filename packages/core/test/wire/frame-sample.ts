import type { FrameContent } from "../../src/entry/frame.ts";
import { readFrame } from "../../src/entry/frame-formats.ts";
import { frameV1 } from "../../src/entry/frame-v1.ts";

export const key = "app/match:1:2";

export const content: FrameContent = {
  createdAt: 1_700_000_000_000.5,
  freshUntil: 1_700_000_060_000,
  expiresAt: 1_700_000_120_000,
  loadMs: 12,
  serializerId: 1,
  schemaVersion: 3,
  isUndefined: false,
  etag: '"v7"',
  generation: 0x0123_4567_89ab_cdefn,
  tags: [
    { tag: "user%3A7", token: 1n },
    { tag: "größe", token: 2n ** 64n - 1n },
  ],
  payload: Buffer.from('{"score":0.9}'),
};
export const frame: Uint8Array = frameV1.write(key, content);

/** What is read under the key; its payload as a Buffer, whatever kind of view it is. */
export function read(bytes: Uint8Array): unknown {
  const found = readFrame(key, bytes);
  if (typeof found === "string") return found;
  const { buffer, byteOffset, byteLength } = found.payload;
  return { ...found, payload: Buffer.from(buffer, byteOffset, byteLength) };
}
