import { FRAME_VERSION } from "../contracts/fence.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { FrameContent, FrameFormat } from "./frame.ts";
import { frameV1, headBytes, readFrame, relabel, renewedHeader } from "./frame-v1.ts";
import { versionBytes, versionIn } from "./placeholder.ts";

/** The second format: as the first one, and the version of the value behind the payload, where a script of the server finds it. */
export const frameV2: FrameFormat = { headBytes, write, read, renewedHeader };

function write(key: string, content: FrameContent): Uint8Array {
  const payload = Buffer.concat([content.payload, versionBytes(content.version)]);
  const frame = frameV1.write(key, { ...content, payload });
  relabel(frame, FRAME_VERSION.format);
  return frame;
}

function read(key: string, frame: Uint8Array): FrameContent | FrameRejection {
  const content = readFrame(key, frame, FRAME_VERSION.bytes);
  return typeof content === "string" ? content : { ...content, version: versionIn(frame) };
}
