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
  const allowed = `names of this cache's tiers: ${known.join(", ")}`;
  if (!Array.isArray(names)) throw invalidOption(option, names, { allowed: `a list of ${allowed}` });
  for (const [at, name] of names.entries()) {
    if (!known.includes(name)) throw invalidOption(`${option}[${at}]`, name, { allowed: `one of the ${allowed}` });
  }
  return new Set(names);
}
