import { type ContractCase, casesOf } from "../contract-case.ts";
import { byteCases, keyCases, removalCases } from "./remote-frame-cases.ts";
import { renewalCases } from "./remote-renewal-cases.ts";
import { expiryCases, timeCases } from "./remote-time-cases.ts";
import { type OpenRemoteTier, RemoteTrial } from "./remote-trial.ts";

/**
 * What every `RemoteTier` must do, as a list of cases.
 *
 * @param open - Called once a case. The tiers may all lead to the same server: each case uses keys of its own.
 *
 * @example
 * ```ts
 * import { manualClock, memoryTier, remoteTierSuite } from "@tiercache/testing";
 * import { test } from "vitest";
 *
 * const suite = remoteTierSuite(() => {
 *   const clock = manualClock();
 *   return { tier: memoryTier({ clock }), advance: (ms) => clock.advance(ms) };
 * });
 * for (const { title, run } of suite) test(title, run);
 * ```
 */
export function remoteTierSuite(open: OpenRemoteTier): readonly ContractCase[] {
  const proofs = { ...keyCases, ...byteCases, ...removalCases, ...renewalCases, ...expiryCases, ...timeCases };
  return casesOf(proofs, async () => new RemoteTrial(await open()));
}
