import type { ReadEvent } from "../history/event.ts";
import { monotonicMs } from "../monotonic.ts";
import type { Row } from "../worker/row-caches.ts";

/** How a read began. */
export interface ReadBeginning {
  readonly key: string;
  readonly operation: string;
  readonly from: number;
  readonly quiet?: boolean;
}

/** The event of a read that has returned a row. */
export function readOf(begun: ReadBeginning, row: Row, source: string): Omit<ReadEvent, "process"> {
  const { version, load } = row;
  const event = { kind: "read" as const, ...begun, to: monotonicMs(), version, load, source };
  return isWhole(row, begun.key) ? event : { ...event, damaged: true };
}

/** The event of a read that has failed. */
export function failedRead(begun: ReadBeginning, error: string): Omit<ReadEvent, "process"> {
  return { kind: "read", ...begun, to: monotonicMs(), version: -1, load: "", source: "unknown", error };
}

/** Tries to change a row for all who share it. */
export function spoil(row: Row): void {
  try {
    (row.notes as string[]).push("spoiled");
    (row as { version: number }).version = -1;
  } catch {
    // Frozen: that is how the others are protected.
  }
}

function isWhole(row: Row, key: string): boolean {
  return row.key === key && row.notes?.length === 0 && Number.isInteger(row.version);
}
