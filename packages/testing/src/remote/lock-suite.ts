import { type ContractCase, casesOf } from "../contract-case.ts";
import { holdingCases, tokenCases, wakingCases } from "./lock-cases.ts";
import { LockTrial } from "./lock-trial.ts";
import type { OpenRemoteTier } from "./remote-trial.ts";

/**
 * What the locks of a remote tier must do, as a list of cases. Of a tier that has a bus too, what is announced: for that
 * `open` must return `another`.
 *
 * @param open - Called once a case. The tiers may all lead to the same server: each case uses keys and a channel of its own.
 *
 * @example
 * ```ts
 * import { lockSuite, manualClock, memoryServer } from "@tiercache/testing";
 * import { test } from "vitest";
 *
 * const suite = lockSuite(() => {
 *   const clock = manualClock();
 *   const server = memoryServer({ clock });
 *   return { tier: server.tier(), another: () => server.tier(), advance: (ms) => clock.advance(ms) };
 * });
 * for (const { title, run } of suite) test(title, run);
 * ```
 */
export function lockSuite(open: OpenRemoteTier): readonly ContractCase[] {
  return casesOf({ ...holdingCases, ...tokenCases, ...wakingCases }, async () => new LockTrial(await open()));
}
