import type { Scan, ScanCall, ScanStep } from "@tiercache/core";
import type { ChaosThrough } from "./chaos-fence.ts";

/** The look of a chaos tier through its keys. */
export class ChaosScan implements Scan {
  readonly #scan: Scan;
  readonly #through: ChaosThrough;

  constructor(scan: Scan, through: ChaosThrough) {
    this.#scan = scan;
    this.#through = through;
  }

  step(prefix: string, call: ScanCall): Promise<ScanStep> {
    return this.#through({ operation: "scan", keys: [prefix] }, () => this.#scan.step(prefix, call));
  }
}
