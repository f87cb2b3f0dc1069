import type { Scan, ScanCall, ScanStep } from "@tiercache/core";
import type { MemoryStore } from "./memory-store.ts";
import { checkedText } from "./strictness.ts";

/** How many keys one step looks at: few, so that a test of few keys takes several. */
const KEYS_A_STEP = 4;

/** The look of one process through the keys of a memory server. */
export class MemoryScan implements Scan {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  /** In the order of the keys, so that it does not matter what comes and goes meanwhile. */
  async step(prefix: string, { cursor }: Pick<ScanCall, "cursor">): Promise<ScanStep> {
    checkedText("The beginning of keys", prefix);
    const left = this.#store.keys.filter((key) => cursor === undefined || key > cursor).toSorted();
    const seen = left.slice(0, KEYS_A_STEP);
    const keys = seen.filter((key) => key.startsWith(prefix));
    return { keys, cursor: left.length > KEYS_A_STEP ? seen.at(-1) : undefined };
  }
}
