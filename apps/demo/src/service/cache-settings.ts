import { type Ms, seconds } from "@tiercache/core";
import {
  lifetimes,
  type NamespaceName,
  namespaceNames,
  type Profile,
  profiles,
  type TtlOf,
} from "./namespaces/lifetimes.ts";

/** Which tiers there are: the process alone, Redis alone, the process in front of Redis, or none at all. */
export const backends = ["memory", "redis", "memory+redis", "off"] as const;

/** One of {@link backends}. */
export type Backend = (typeof backends)[number];

/** What the environment says of the cache. */
export interface CacheSettings {
  readonly backend: Backend;
  readonly profile: Profile;
  /** Of the Redis that is named; `undefined` where none is. Holds the password. */
  readonly redisUrl: string | undefined;
  readonly ttlOf: TtlOf;
}

/** What the variables may be. Shown to people who ask for help. */
export const cacheVariables = `  CACHE_BACKEND                     ${backends.join(" | ")} (default memory+redis)
  CACHE_ENABLED, DISABLE_CACHE      true or false: the emergency switch; without the cache all is slower and correct
  CACHE_PROFILE                     ${profiles.join(" | ")}: how long values live (default: as NODE_ENV says, else development)
  CACHE_REDIS_URL                   a Redis or Valkey of your own; or CACHE_REDIS_HOST, _PORT, _DB, _USERNAME, _PASSWORD, _SSL
  CACHE_TTL_<NAMESPACE>             seconds, or 90s, 5m, 24h, 7d, never; such as CACHE_TTL_USER_DATA=300
`;

/**
 * Reads the `CACHE_*` variables and `DISABLE_CACHE`. An empty variable counts as not set.
 *
 * @throws TypeError naming the variable, what was given (never where it may hold a password) and what is allowed.
 */
export function cacheSettings(environment: NodeJS.ProcessEnv): CacheSettings {
  const given = new Map(Object.entries(environment).filter((entry): entry is [string, string] => !!entry[1]));
  const enabled = switchOf(given, "CACHE_ENABLED", true) && !switchOf(given, "DISABLE_CACHE", false);
  const backend = oneOf(given, "CACHE_BACKEND", backends) ?? "memory+redis";
  const isProduction = given.get("NODE_ENV") === "production";
  const profile = oneOf(given, "CACHE_PROFILE", profiles) ?? (isProduction ? "production" : "development");
  const overridden = overriddenLifetimes(given);
  return {
    backend: enabled ? backend : "off",
    profile,
    redisUrl: redisUrlOf(given),
    ttlOf: (name) => overridden.get(name) ?? lifetimes[name][profile],
  };
}

type Given = ReadonlyMap<string, string>;

function oneOf<const T extends string>(given: Given, variable: string, allowed: readonly T[]): T | undefined {
  const text = given.get(variable);
  const value = allowed.find((one) => one === text);
  if (text !== undefined && value === undefined) throw refused(variable, text, allowed.join(", "));
  return value;
}

function switchOf(given: Given, variable: string, otherwise: boolean): boolean {
  const value = oneOf(given, variable, ["true", "false", "1", "0"]);
  return value === undefined ? otherwise : value === "true" || value === "1";
}

function overriddenLifetimes(given: Given): ReadonlyMap<NamespaceName, Ms> {
  const names = new Map(namespaceNames.map((name) => [ttlVariable(name), name]));
  const overridden = [...given].filter(([variable]) => variable.startsWith("CACHE_TTL_"));
  return new Map(
    overridden.map(([variable, text]) => {
      const name = names.get(variable);
      // A misspelt one would be believed to be in force.
      if (name === undefined) throw refused(variable, text, `in one of the variables ${[...names.keys()].join(", ")}`);
      return [name, lifetimeOf(variable, text)];
    }),
  );
}

/** The variable that overrides how long the values of a namespace live. */
export function ttlVariable(name: NamespaceName): string {
  return `CACHE_TTL_${name.toUpperCase().replaceAll("-", "_")}`;
}

const unitSeconds = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 } as const;

function lifetimeOf(variable: string, text: string): Ms {
  if (text === "never") return Number.POSITIVE_INFINITY;
  const [, number = "", unit = ""] = /^(\d{1,9})([smhd]?)$/.exec(text) ?? [];
  const ttlMs = seconds(Number(number)) * unitSeconds[unit as keyof typeof unitSeconds];
  if (ttlMs > 0) return ttlMs;
  throw refused(variable, text, "a whole number of seconds above 0, one with a unit (90s, 5m, 24h, 7d), or never");
}

const redisParts = ["HOST", "PORT", "DB", "USERNAME", "PASSWORD", "SSL"] as const;

function redisUrlOf(given: Given): string | undefined {
  const parts = redisParts.map((part) => `CACHE_REDIS_${part}`).filter((variable) => given.has(variable));
  // The demo's own word to the instances that it starts, which goes before what they inherit.
  const told = given.get("TIERCACHE_REDIS_URL");
  if (told !== undefined) return told;
  const variable = "CACHE_REDIS_URL";
  if (!given.has(variable)) return parts.length === 0 ? undefined : redisUrlFrom(given);
  if (parts.length > 0) throw new TypeError(`${variable} and ${parts.join(", ")} are both set; allowed is one way.`);
  const text = given.get(variable) ?? "";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && ["redis:", "rediss:"].includes(url.protocol) && url.hostname !== "") return text;
  // It may hold a password.
  throw new TypeError(
    `${variable} is no such URL; allowed is redis://[user:password@]host[:port][/db], or rediss://….`,
  );
}

function redisUrlFrom(given: Given): string {
  const host = given.get("CACHE_REDIS_HOST");
  if (host === undefined)
    throw new TypeError("CACHE_REDIS_HOST is not set; allowed is a host, where others of CACHE_REDIS_* are.");
  if (!/^[\w.-]+$|^\[[\da-f:.]+\]$/i.test(host)) throw refused("CACHE_REDIS_HOST", host, "a host's name or address");
  const port = wholeIn(given, "CACHE_REDIS_PORT", { otherwise: 6_379, most: 65_535 });
  const db = wholeIn(given, "CACHE_REDIS_DB", { otherwise: 0, most: 1_000_000 });
  const user = encodeURIComponent(given.get("CACHE_REDIS_USERNAME") ?? "");
  const password = encodeURIComponent(given.get("CACHE_REDIS_PASSWORD") ?? "");
  const login = user === "" && password === "" ? "" : `${user}:${password}@`;
  return `${switchOf(given, "CACHE_REDIS_SSL", false) ? "rediss" : "redis"}://${login}${host}:${port}/${db}`;
}

function wholeIn(given: Given, variable: string, { otherwise, most }: { otherwise: number; most: number }): number {
  const text = given.get(variable);
  if (text === undefined) return otherwise;
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw refused(variable, text, `a whole number from 0 to ${most}`);
}

function refused(variable: string, given: string, allowed: string): TypeError {
  return new TypeError(`${variable} is ${JSON.stringify(given)}; allowed is ${allowed}.`);
}
