import type { ContractCase } from "./contract-case.ts";
import { byteCases, keyCases, removalCases } from "./remote-frame-cases.ts";
import { renewalCases } from "./remote-renewal-cases.ts";
import { expiryCases, timeCases } from "./remote-time-cases.ts";
import { type RemoteTierUnderTest, RemoteTrial } from "./remote-trial.ts";

/** Opens a tier for one case, which closes it. */
export type OpenRemoteTier = () => RemoteTierUnderTest | Promise<RemoteTierUnderTest>;

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
  const cases = { ...keyCases, ...byteCases, ...removalCases, ...renewalCases, ...expiryCases, ...timeCases };
  return Object.entries(cases).map(([title, prove]) => ({
    title,
    async run() {
      const trial = new RemoteTrial(await open());
      try {
        await prove(trial);
      } finally {
        await trial.tier.close();
      }
    },
  }));
}
