import { test } from "vitest";

/** One row of the fault matrix: what goes wrong and what must hold all the same. */
export interface FaultRow {
  /** As the matrix names it: `F1`. */
  readonly id: string;
  /** What must hold, as a sentence. */
  readonly holds: string;
  readonly run: () => Promise<void>;
  /** Why it cannot run on this machine. */
  readonly skipped?: string | undefined;
  /** @defaultValue far above what most rows take */
  readonly withinMs?: number;
}

const ROW_WITHIN_MS = 120_000;

/** Makes a test of each row. */
export function testRows(rows: readonly FaultRow[]): void {
  for (const { id, holds, run, skipped, withinMs = ROW_WITHIN_MS } of rows) {
    if (skipped === undefined) test(`${id}: ${holds}`, run, withinMs);
    else test.skip(`${id}: ${holds} (${skipped})`, run);
  }
}
