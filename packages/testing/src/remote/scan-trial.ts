import assert from "node:assert/strict";
import type { Scan } from "@tiercache/core";
import { valueFrame } from "./frame-specimens.ts";
import { RemoteTrial } from "./remote-trial.ts";

/** More steps than any look through the keys of a case takes, on a server that has others too. */
const MOST_STEPS = 100_000;

/** One tier in one case of the suite of scans. */
export class ScanTrial extends RemoteTrial {
  get scan(): Scan {
    const { scan } = this.tier;
    assert.ok(scan !== undefined, "the tier can look through its keys");
    return scan;
  }

  /** Puts something under each name. */
  async put(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.write(name, valueFrame(1))));
  }

  /**
   * The names found by what they begin with, each once, in order.
   *
   * @param between - Called between two steps.
   */
  async found(beginning: string, between: () => Promise<void> = async () => {}): Promise<readonly string[]> {
    const found = new Set<string>();
    let cursor: string | undefined;
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const step = await this.scan.step(this.key(beginning), { ...this.call, cursor });
      for (const key of step.keys) {
        assert.ok(key.startsWith(this.key(beginning)), `${key} begins as was asked`);
        found.add(key.slice(this.key("").length));
      }
      cursor = step.cursor;
      if (cursor === undefined) return [...found].toSorted();
      await between();
    }
    return assert.fail("the look through the keys does not end");
  }
}
