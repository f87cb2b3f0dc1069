import { invalidOption, type OptionRule } from "../option-rules.ts";
import type { Stack } from "../stack.ts";

/** What an option that names tiers must be at least. */
export const tierNamesRule: OptionRule = {
  allowed: "a list of names of tiers",
  accepts: (value) => Array.isArray(value),
};

const NONE: ReadonlySet<string> = new Set();

/**
 * The tiers that a caller has named.
 *
 * @param option - The option's full name, for the message.
 * @throws `INVALID_OPTION` for anything but a list of names of this cache's tiers.
 */
export function tiersNamed(option: string, names: readonly string[] | undefined, stack: Stack): ReadonlySet<string> {
  if (names === undefined) return NONE;
  const known = stack.tierNames;
  const allowed = { allowed: `a list of this cache's tiers: ${known.join(", ")}` };
  if (!Array.isArray(names)) throw invalidOption(option, names, allowed);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || names.includes(undefined)) throw invalidOption(`A name in ${option}`, unknown, allowed);
  return new Set(names);
}
