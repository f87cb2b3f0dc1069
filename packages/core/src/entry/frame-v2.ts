import { FRAME_VERSION } from "../contracts/fence.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { FrameContent, FrameFormat, FrameHead } from "./frame.ts";
import { FrameLayout } from "./frame-layout.ts";
import { versionBytes, versionIn } from "./placeholder.ts";

/** The version of the value stands behind the payload, where a script of the server finds it. */
class VersionedLayout extends FrameLayout {
  constructor() {
    super({ format: FRAME_VERSION.format, trailBytes: FRAME_VERSION.bytes, writeTrail });
  }

  override read(key: string, frame: Uint8Array): FrameContent | FrameRejection {
    const content = super.read(key, frame);
    return typeof content === "string" ? content : { ...content, version: versionIn(frame) };
  }
}

/** The second format: as the first one, and the version of the value behind the payload. */
export const frameV2: FrameFormat = new VersionedLayout();

function writeTrail(frame: Uint8Array, { version }: FrameHead): void {
  frame.set(versionBytes(version), frame.byteLength - FRAME_VERSION.bytes);
}
