import { checksOf } from "./reader-v1.ts";

/** A copy of a frame of format 1 with something changed and both checks made to fit again, as only a writer could. */
export function forged(key: string, frame: Uint8Array, change: (copy: DataView) => void): Uint8Array {
  const copy = new Uint8Array(frame);
  const view = new DataView(copy.buffer);
  change(view);
  view.setUint32(56, checksOf(key, copy).body);
  view.setUint32(60, checksOf(key, copy).header);
  return copy;
}
