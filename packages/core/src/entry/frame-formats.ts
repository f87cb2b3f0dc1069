import { isUint8Array } from "node:util/types";
import type { FrameRejection } from "../contracts/observer.ts";
import type { OptionRule } from "../option-rules.ts";
import type { FrameContent, FrameFormat, FrameInstants } from "./frame.ts";
import { frameV1 } from "./frame-v1.ts";
import { frameV2 } from "./frame-v2.ts";

/*
 * How a next format comes in, so that no process ever meets frames that it cannot read: one release adds it here and
 * goes on writing the last one; the release after that writes it and still reads the last one; a third may drop that.
 */
const formats: Readonly<Record<number, FrameFormat>> = { 1: frameV1, 2: frameV2 };

/** The format that is written unless a cache is told to write another one. */
export const DEFAULT_FRAME_FORMAT = 1;

/** The first format that tells versions. */
export const VERSIONED_FRAME_FORMAT = 2;

/** The formats that this release reads, any of which it can be told to write. */
export const frameFormats: readonly number[] = Object.keys(formats).map(Number);

const newestFormat = Math.max(...frameFormats);

/** The number of a format that this release can write. */
export const frameFormatRule: OptionRule = {
  allowed: `a frame format that this release can write: ${frameFormats.join(", ")}`,
  accepts: (value) => frameFormats.some((format) => format === value),
};

/** The format of a number that {@link frameFormatRule} accepts. */
export function frameFormat(number: number): FrameFormat {
  const format = formats[number];
  if (format === undefined) throw new RangeError(`There is no frame format ${number}`);
  return format;
}

/** What is in the bytes found under a key, or why they are no frame. Never throws, whatever they are. */
export function readFrame(key: string, bytes: Uint8Array): FrameContent | FrameRejection {
  const format = formatOf(bytes);
  return typeof format === "string" ? format : format.read(key, bytes);
}

/**
 * What is to stand at the beginning of the bytes found under a key to give them other instants. They stay of the format they
 * have; of what is no sound frame, it is what stands there. Never throws, whatever bytes they are.
 */
export function renewedHeader(bytes: Uint8Array, instants: FrameInstants): Uint8Array {
  const format = formatOf(bytes);
  return typeof format === "string" ? bytes.subarray(0, 64) : format.renewedHeader(bytes, instants);
}

function formatOf(bytes: Uint8Array): FrameFormat | FrameRejection {
  // A tier may break its promise, and its answer be anything.
  if (!isUint8Array(bytes) || bytes[0] !== 0xc1 || bytes[1] !== 0xf5) return "not-a-frame";
  const number = bytes[2];
  if (number === undefined) return "not-a-frame";
  return formats[number] ?? (number > newestFormat ? "newer-format" : "unknown-format");
}
