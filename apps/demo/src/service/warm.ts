import type { KeyOf, LoadingNamespace } from "@tiercache/core";

/** How keys are warmed. */
export interface WarmOptions {
  /** How many keys at a time, from 1. @defaultValue 8 */
  readonly concurrency?: number | undefined;
  /** Ends it after the keys that are under way. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of each key. */
  readonly onProgress?: ((progress: WarmReport) => void) | undefined;
}

/** What warming has done so far. */
export interface WarmReport {
  /** How many keys there are. */
  readonly keys: number;
  readonly loaded: number;
  /** Passed over, as a tier had them fresh. */
  readonly fresh: number;
  readonly failed: number;
  /** Whether it was ended before the last key. */
  readonly isAborted: boolean;
}

/** Loads what no tier has fresh. Never rejects for a load that fails: that is counted. */
export async function warm<K extends readonly unknown[], V>(
  namespace: LoadingNamespace<K, V>,
  keys: readonly KeyOf<K>[],
  { concurrency = 8, signal, onProgress }: WarmOptions = {},
): Promise<WarmReport> {
  const counts = { loaded: 0, fresh: 0, failed: 0 };
  const report = (isAborted: boolean): WarmReport => ({ keys: keys.length, ...counts, isAborted });
  const left = keys.values();
  const worker = async (): Promise<void> => {
    // All workers draw from one iterator.
    for (const key of left) {
      if (signal?.aborted === true) return;
      counts[await warmed(namespace, key)] += 1;
      onProgress?.(report(false));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, keys.length)) }, worker));
  const done = counts.loaded + counts.fresh + counts.failed;
  return report(done < keys.length);
}

async function warmed<K extends readonly unknown[], V>(
  namespace: LoadingNamespace<K, V>,
  key: KeyOf<K>,
): Promise<"loaded" | "fresh" | "failed"> {
  try {
    const { source } = await namespace.read(key);
    return source === "loader" ? "loaded" : "fresh";
  } catch {
    return "failed";
  }
}
