import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_FRAME_FORMAT, frameFormat } from "../../src/entry/frame-formats.ts";
import { goldenText } from "./golden.ts";
import { type Sample, samplesIn } from "./samples.ts";

/*
 * Writes golden frames of one format: `node write-golden.ts [format]`. Never over a file that is there: what a release
 * has written stays as it was.
 */
const number = Number(process.argv[2] ?? DEFAULT_FRAME_FORMAT);
const format = frameFormat(number);

function frameOf({ key, content, renewed }: Sample): Uint8Array {
  const frame = format.write(key, content);
  if (renewed !== undefined) frame.set(format.renewedHeader(frame, renewed));
  return frame;
}

function written(name: string, bytes: Uint8Array | string): boolean {
  try {
    writeFileSync(join(import.meta.dirname, name), bytes, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

for (const sample of samplesIn(number)) {
  const name = `v${number}-${sample.name}`;
  const text = goldenText(sample.key, { ...sample.content, ...sample.renewed });
  const isNew =
    written(`${name}.bin`, frameOf(sample)) && written(`${name}.json`, `${JSON.stringify(text, null, 2)}\n`);
  process.stdout.write(`${name}: ${isNew ? "written" : "is there and stays as it is"}\n`);
}
