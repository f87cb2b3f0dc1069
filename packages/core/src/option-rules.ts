import { CacheError } from "./errors.ts";

/** What one option accepts, and how to say it. */
export interface OptionRule {
  /** What is allowed, completing the sentence "allowed is …". */
  readonly allowed: string;
  /** Whether the value may ever be shown in a message. `true` for anything that can carry a credential. */
  readonly secret?: boolean;
  accepts(value: unknown): boolean;
}

/** A duration that must last: above 0, `Infinity` for no end. In ms. */
export const lifetimeMs: OptionRule = {
  allowed: "a number of milliseconds above 0, or Infinity",
  accepts: (value) => typeof value === "number" && value > 0,
};

/** A duration that must end: above 0 and finite. In ms. */
export const finiteMs: OptionRule = {
  allowed: "a finite number of milliseconds above 0",
  accepts: (value) => typeof value === "number" && value > 0 && Number.isFinite(value),
};

/** A count of at least 1. */
export const positiveInteger: OptionRule = {
  allowed: "a whole number of at least 1",
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
};

/** A boolean. */
export const trueOrFalse: OptionRule = { allowed: "true or false", accepts: (value) => typeof value === "boolean" };

/** A function. */
export const callable: OptionRule = {
  allowed: "a function",
  accepts: (value) => typeof value === "function",
};

/**
 * An object that has the given methods.
 *
 * @param what - The noun to name in a message, with its article: `"a serializer"`.
 * @param methods - The members that must be functions.
 */
export function objectWith(what: string, ...methods: readonly string[]): OptionRule {
  return {
    allowed: `${what} (an object with ${methods.join(", ")})`,
    accepts: (value) =>
      typeof value === "object" &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === "function"),
  };
}

/**
 * Makes the error for a wrong option: names its owner, the option, the value and what is allowed.
 *
 * @param option - The option's full name as the user wrote it, with its owner: `"lru.maxEntries"`.
 * @param value - What was given. Objects are described by kind; strings are cut; secrets never appear.
 */
export function invalidOption(
  option: string,
  value: unknown,
  rule: Pick<OptionRule, "allowed" | "secret">,
): CacheError {
  const shown = rule.secret === true ? "a value that is not shown" : describe(value);
  return new CacheError("INVALID_OPTION", `${option} is ${shown}; allowed is ${rule.allowed}.`);
}

/**
 * Checks an options object against its rules, once, where the object was given.
 * An option that is absent or `undefined` is not looked at: defaults are the caller's affair.
 *
 * @throws {@link CacheError} `INVALID_OPTION` for an unknown name or a value outside its rule.
 */
export function checkOptions(owner: string, options: unknown, rules: Readonly<Record<string, OptionRule>>): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalidOption(`The options of ${owner}`, options, { allowed: "an object" });
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) {
    const known = Object.keys(rules).join(", ");
    throw new CacheError("INVALID_OPTION", `${owner}.${unknown} is not an option; the options are ${known}.`);
  }
  // By the rules and not by the object's own keys: an option may be inherited, also from a polluted prototype.
  for (const [name, rule] of Object.entries(rules)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && !rule.accepts(value)) throw invalidOption(`${owner}.${name}`, value, rule);
  }
}

/** Says what a value is without giving much of it away: messages end up in logs. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "number" || typeof value === "boolean") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? `${value}n` : "a large bigint";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
