import type { ReadOptions } from "../contracts/reading.ts";
import { checkOptions, type OptionRule } from "../option-rules.ts";
import type { Stack } from "../stack.ts";
import type { TierSkips } from "../write/sightings.ts";
import { tierNamesRule, tiersNamed } from "../write/tier-names.ts";

const readOptionRules: Readonly<Record<keyof ReadOptions, OptionRule>> = {
  signal: { allowed: "an AbortSignal", accepts: (value) => value instanceof AbortSignal },
  from: {
    allowed: '"any", "load" or "cached"',
    accepts: (value) => value === "any" || value === "load" || value === "cached",
  },
  skipReading: tierNamesRule,
  skipWriting: tierNamesRule,
};

/**
 * Checks what one read is asked to do.
 *
 * @param owner - Whose options they are, for the message.
 * @returns The tiers it wants to be passed by; `undefined` for none, also where its lists are empty: a read that passes
 * nothing by shares its load as any other.
 * @throws `INVALID_OPTION`.
 */
export function skipsIn(owner: string, options: ReadOptions, stack: Stack): TierSkips | undefined {
  checkOptions(owner, options, readOptionRules);
  const reading = tiersNamed(`${owner}.skipReading`, options.skipReading, stack);
  const writing = tiersNamed(`${owner}.skipWriting`, options.skipWriting, stack);
  return reading.size + writing.size === 0 ? undefined : { reading, writing };
}
