import type { FrameFormat } from "./frame.ts";
import { FrameLayout } from "./frame-layout.ts";

/** The first format: nothing stands behind the payload. */
export const frameV1: FrameFormat = new FrameLayout({ format: 1, trailBytes: 0 });
