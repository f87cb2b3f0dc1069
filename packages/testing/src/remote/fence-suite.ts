import { type ContractCase, casesOf } from "../contract-case.ts";
import { announcementCases } from "./fence-announcement-cases.ts";
import { commitCases, releaseCases } from "./fence-commit-cases.ts";
import { leaseCases, waitCases } from "./fence-lease-cases.ts";
import { burialCases, outdatingCases } from "./fence-outdating-cases.ts";
import { overCases } from "./fence-over-cases.ts";
import { removalCases } from "./fence-removal-cases.ts";
import { FenceTrial } from "./fence-trial.ts";
import { versionCases } from "./fence-version-cases.ts";
import type { OpenRemoteTier } from "./remote-trial.ts";

/**
 * What the fence of a remote tier must do, as a list of cases. Of a tier that has a bus too, what its fence announces: for
 * that `open` must return `another`.
 *
 * @param open - Called once a case. The tiers may all lead to the same server: each case uses keys and a channel of its own.
 *
 * @example
 * ```ts
 * import { fenceSuite, manualClock, memoryServer } from "@tiercache/testing";
 * import { test } from "vitest";
 *
 * const suite = fenceSuite(() => {
 *   const clock = manualClock();
 *   const server = memoryServer({ clock });
 *   return { tier: server.tier(), another: () => server.tier(), advance: (ms) => clock.advance(ms) };
 * });
 * for (const { title, run } of suite) test(title, run);
 * ```
 */
export function fenceSuite(open: OpenRemoteTier): readonly ContractCase[] {
  const leasing = { ...leaseCases, ...overCases, ...waitCases, ...commitCases, ...releaseCases, ...announcementCases };
  const proofs = { ...leasing, ...outdatingCases, ...burialCases, ...versionCases, ...removalCases };
  return casesOf(proofs, async () => new FenceTrial(await open()));
}
