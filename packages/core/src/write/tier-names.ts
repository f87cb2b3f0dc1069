import { invalidOption } from "../option-rules.ts";
import type { Stack } from "../stack.ts";
import type { TierSkips } from "./flight.ts";

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

/**
 * The tiers that a reader wants to be passed by; `undefined` for none, also where his lists are empty: a read that passes
 * nothing by shares its load as any other.
 *
 * @param owner - Whose options these are, for the message.
 * @throws As {@link tiersNamed}.
 */
export function tiersSkipped(
  owner: string,
  { skipReading, skipWriting }: { readonly skipReading?: readonly string[]; readonly skipWriting?: readonly string[] },
  stack: Stack,
): TierSkips | undefined {
  const reading = tiersNamed(`${owner}.skipReading`, skipReading, stack);
  const writing = tiersNamed(`${owner}.skipWriting`, skipWriting, stack);
  return reading.size + writing.size === 0 ? undefined : { reading, writing };
}
