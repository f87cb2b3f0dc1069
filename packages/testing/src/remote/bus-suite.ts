import { type ContractCase, casesOf } from "../contract-case.ts";
import { announcedChangeCases } from "./bus-announcement-cases.ts";
import { closingCases, echoCases, hearingCases } from "./bus-listening-cases.ts";
import { type OpenRemoteTier, RemoteTrial } from "./remote-trial.ts";

/**
 * What the bus of a remote tier must do, as a list of cases. For all of them `open` must return `another`, and `breakBus` for
 * the one of a connection that breaks.
 *
 * @param open - Called once a case. The tiers may all lead to the same server: each case uses keys and a channel of its own.
 *
 * @example
 * ```ts
 * import { busSuite, manualClock, memoryServer } from "@tiercache/testing";
 * import { test } from "vitest";
 *
 * const suite = busSuite(() => {
 *   const clock = manualClock();
 *   const server = memoryServer({ clock });
 *   return {
 *     tier: server.tier(),
 *     another: () => server.tier(),
 *     breakBus: () => server.restart({ keep: "all" }),
 *     advance: (ms) => clock.advance(ms),
 *   };
 * });
 * for (const { title, run } of suite) test(title, run);
 * ```
 */
export function busSuite(open: OpenRemoteTier): readonly ContractCase[] {
  const proofs = { ...hearingCases, ...echoCases, ...announcedChangeCases, ...closingCases };
  return casesOf(proofs, async () => new RemoteTrial(await open()));
}
