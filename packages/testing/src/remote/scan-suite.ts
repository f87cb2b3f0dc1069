import { type ContractCase, casesOf } from "../contract-case.ts";
import type { OpenRemoteTier } from "./remote-trial.ts";
import { scanCases } from "./scan-cases.ts";
import { ScanTrial } from "./scan-trial.ts";

/**
 * What the look of a remote tier through its keys must do, as a list of cases.
 *
 * @param open - Called once a case. The tiers may all lead to the same server: each case uses keys of its own.
 *
 * @example
 * ```ts
 * import { manualClock, memoryServer, scanSuite } from "@tiercache/testing";
 * import { test } from "vitest";
 *
 * const suite = scanSuite(() => {
 *   const clock = manualClock();
 *   const server = memoryServer({ clock });
 *   return { tier: server.tier(), another: () => server.tier(), advance: (ms) => clock.advance(ms) };
 * });
 * for (const { title, run } of suite) test(title, run);
 * ```
 */
export function scanSuite(open: OpenRemoteTier): readonly ContractCase[] {
  return casesOf(scanCases, async () => new ScanTrial(await open()));
}
