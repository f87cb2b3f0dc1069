import { test } from "vitest";

/** One row of the fault matrix: what goes wrong and what must hold all the same. */
export interface FaultRow {
  /** As the matrix names it: `F1`. */
  readonly id: string;
  /** What must hold, as a sentence. */
  readonly holds: string;
  readonly run: () => Promise<void>;
}

/** Far above what any row takes. */
const ROW_WITHIN_MS = 120_000;

/** Makes a test of each row. */
export function testRows(rows: readonly FaultRow[]): void {
  for (const { id, holds, run } of rows) test(`${id}: ${holds}`, run, ROW_WITHIN_MS);
}
