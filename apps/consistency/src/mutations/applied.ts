/** Where the hooks tell what they have changed: they run ahead of everything else in a process. */
const APPLIED = Symbol.for("tiercache.consistency.mutated");

/** Says that all texts of a mutation were replaced. */
export function markMutated(): void {
  (globalThis as Record<symbol, unknown>)[APPLIED] = true;
}

/** @throws an `Error` in a process that was to run with a mutation and does not. */
export function assertMutated(): void {
  const wanted = process.env["CONSISTENCY_MUTATION"];
  if (wanted === undefined || wanted === "") return;
  if ((globalThis as Record<symbol, unknown>)[APPLIED] !== true)
    throw new Error(`The mutation ${wanted} has not changed all that it was to: a file was not loaded.`);
}
