import type { Ms } from "../contracts/clock.ts";
import type { LocalShare } from "../contracts/tier.ts";
import { invalidOption, lifetimeMs, type OptionRule } from "../option-rules.ts";

/** Limits of the local tier alone. */
export interface LocalEntryOptions {
  /**
   * The longest a value is fresh in the local tier, in ms; then the remote tiers are asked again. No limit where there are none, and
   * for a `sliding` namespace. @defaultValue 300_000 (5 minutes) where a remote tier has a bus, else 60_000 (1 minute)
   */
  readonly ttlMs?: Ms;
  /**
   * The part of the local tier, from 0 to 1, below which no other namespace can push this one. Those of all namespaces in
   * a tier add up to at most 1. Only for a namespace, never for a whole cache. @defaultValue 0
   */
  readonly minShare?: number;
  /**
   * The part of the local tier, above 0 and up to 1, that this namespace never exceeds, even while the rest is free; not
   * below `minShare`. Only for a namespace, never for a whole cache. @defaultValue 1
   */
  readonly maxShare?: number;
}

const shareRules: Readonly<Record<keyof LocalShare, OptionRule>> = {
  minShare: {
    allowed: "a number from 0 to 1",
    accepts: (value) => typeof value === "number" && value >= 0 && value <= 1,
  },
  maxShare: {
    allowed: "a number above 0 and up to 1",
    accepts: (value) => typeof value === "number" && value > 0 && value <= 1,
  },
};

/** What the limits of the local tier accept. */
export const localOptionsRule: OptionRule = {
  allowed: "an object with ttlMs, a number of milliseconds above 0, minShare and maxShare",
  accepts: isLocalOptions,
};

/** @throws `INVALID_OPTION` for a share that is none. */
export function shareOf(owner: string, local: LocalEntryOptions | undefined): LocalShare | undefined {
  const { minShare, maxShare } = local ?? {};
  for (const [name, value] of Object.entries({ minShare, maxShare })) {
    const rule = shareRules[name as keyof LocalShare];
    if (value !== undefined && !rule.accepts(value)) throw invalidOption(`${owner}.local.${name}`, value, rule);
  }
  if (minShare !== undefined && maxShare !== undefined && minShare > maxShare) {
    throw invalidOption(`${owner}.local.minShare`, minShare, { allowed: `at most its maxShare, ${maxShare}` });
  }
  return minShare === undefined && maxShare === undefined ? undefined : { minShare, maxShare };
}

/** A share of all namespaces together would promise each of them the same part, or cap what the tier already bounds. @throws `INVALID_OPTION`. */
export function noShare(owner: string, local: LocalEntryOptions | undefined): undefined {
  for (const name of ["minShare", "maxShare"] as const) {
    if (local?.[name] === undefined) continue;
    throw invalidOption(`${owner}.local.${name}`, local[name], {
      allowed: "undefined: a share belongs to one namespace",
    });
  }
}

function isLocalOptions(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  // As it is going to be read: it may be inherited.
  const { ttlMs } = value as LocalEntryOptions;
  // Shares are looked at where their namespace is known, so that a message can name them.
  const others = Object.keys(value).filter((name) => name !== "ttlMs" && !Object.hasOwn(shareRules, name));
  return others.length === 0 && (ttlMs === undefined || lifetimeMs.accepts(ttlMs));
}
