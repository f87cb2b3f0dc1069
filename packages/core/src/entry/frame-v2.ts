import { FRAME_VERSION } from "../contracts/fence.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { FrameContent, FrameFormat } from "./frame.ts";
import { readFrame, renewedHeader, writeFrame } from "./frame-v1.ts";
import { versionBytes, versionIn } from "./placeholder.ts";

/** The second format: as the first one, and the version of the value behind the payload, where a script of the server finds it. */
export const frameV2: FrameFormat = { write, read, renewedHeader };

function write(key: string, content: FrameContent): Uint8Array {
  const payload = Buffer.concat([content.payload, versionBytes(content.version)]);
  return writeFrame(key, { ...content, payload }, FRAME_VERSION.format);
}

function read(key: string, frame: Uint8Array): FrameContent | FrameRejection {
  const content = readFrame(key, frame, FRAME_VERSION.bytes);
  return typeof content === "string" ? content : { ...content, version: versionIn(frame) };
}
