import { monotonicMs } from "../monotonic.ts";
import type { OperationPlace } from "./operation.ts";

/** How all keys of a change are told to the cache at once. */
export interface Telling {
  readonly operation: string;
  /** What the server is told to forget, if that is something other than the keys. */
  readonly told?: string;
  readonly tell: () => Promise<{ readonly status: "done" | "queued" }>;
}

/** Changes several rows, and then tells the cache of all of them. */
export async function changeTogether(
  { database, recorder }: OperationPlace,
  keys: readonly string[],
  { operation, told, tell }: Telling,
): Promise<void> {
  const versions = await Promise.all(keys.map((key) => database.write(key)));
  const from = monotonicMs();
  let status: "done" | "queued" | "failed" = "failed";
  try {
    ({ status } = await tell());
  } finally {
    const to = monotonicMs();
    for (const [index, key] of keys.entries()) {
      recorder.add({ kind: "change", operation, key, version: versions[index] ?? 0, from, to, status, told });
    }
  }
}
