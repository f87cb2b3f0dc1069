import { days, hours, type Ms, minutes, seconds } from "@tiercache/core";

/** Where a service runs: in development values live shorter, so that one sees them come and go. */
export const profiles = ["development", "production"] as const;

/** One of {@link profiles}. */
export type Profile = (typeof profiles)[number];

const never = Number.POSITIVE_INFINITY;

/** How long the values of each namespace are fresh. `CACHE_TTL_<NAMESPACE>` overrides any of them: see `cacheSettings`. */
export const lifetimes = {
  jobs: { production: minutes(5), development: seconds(30) },
  job: { production: hours(1), development: minutes(5) },
  popular: { production: minutes(30), development: minutes(1) },
  resume: { production: hours(1), development: minutes(5) },
  ijp: { production: hours(1), development: minutes(5) },
  // Prolonged by each read.
  user: { production: minutes(15), development: minutes(5) },
  "user-data": { production: minutes(5), development: minutes(1) },
  match: { production: hours(24), development: minutes(10) },
  matches: { production: hours(1), development: minutes(5) },
  compat: { production: hours(6), development: minutes(10) },
  embed: { production: days(7), development: minutes(10) },
  eval: { production: never, development: minutes(10) },
  tailor: { production: never, development: minutes(10) },
  "parsed-ad": { production: days(30), development: minutes(10) },
  "parsed-cv": { production: days(30), development: minutes(10) },
  industries: { production: days(30), development: minutes(10) },
  "role-category": { production: days(30), development: minutes(10) },
  domains: { production: hours(1), development: minutes(5) },
  company: { production: days(30), development: minutes(10) },
  stats: { production: seconds(60), development: seconds(10) },
  config: { production: hours(1), development: minutes(1) },
} as const satisfies Readonly<Record<string, Readonly<Record<Profile, Ms>>>>;

/** What a namespace is called: the first part of its keys. */
export type NamespaceName = keyof typeof lifetimes;

/** Every namespace there is. */
export const namespaceNames = Object.keys(lifetimes) as readonly NamespaceName[];

/** How long the values of a namespace are fresh, in ms. */
export type TtlOf = (name: NamespaceName) => Ms;
