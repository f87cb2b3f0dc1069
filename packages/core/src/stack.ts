import { tierBreaker } from "./breaker/tier-breaker.ts";
import { Announcements } from "./bus/announcements.ts";
import { BusLink } from "./bus/bus-link.ts";
import { Certificate } from "./bus/certificate.ts";
import { type Clock, idle, type Ms, systemClock } from "./contracts/clock.ts";
import type { Observer } from "./contracts/observer.ts";
import type { Serializer } from "./contracts/serializer.ts";
import type { LocalTier, RemoteTier, Tiers } from "./contracts/tier.ts";
import { frameFormatRule } from "./entry/frame-formats.ts";
import { hashKeysRule, type KeyHashingOptions, type KeySecret, keySecretOf } from "./entry/key-secret.ts";
import { defaultRules, type EntryOptions, type EntryRules, entryOptionRules, rulesOf } from "./entry/rules.ts";
import { Lifetime } from "./lifetime.ts";
import {
  checkOptions,
  finiteMs,
  invalidOption,
  lifetimeMs,
  type OptionRule,
  objectWith,
  trueOrFalse,
} from "./option-rules.ts";
import { type OutageOptions, type OutageRules, outageOptionRules, outageRulesOf } from "./outage-options.ts";
import { RemoteLink } from "./remote/remote-link.ts";
import type { RemoteLinkParts } from "./remote/remote-link-parts.ts";
import { json } from "./serializers/json.ts";
import { serializerIdRule, serializerRule } from "./serializers/serializer-rules.ts";
import { type Observation, observationOf, observerRule } from "./statistics/observation.ts";
import { Tags } from "./tags/tags.ts";
import { namesOf, split } from "./tier-places.ts";

/** What a cache is made of. Only `tiers` is needed. */
export interface CacheOptions extends EntryOptions, KeyHashingOptions, OutageOptions {
  /**
   * Where entries live, nearest first: a local tier and then any number of remote ones, or remote ones alone.
   * A remote tier belongs to one cache.
   */
  readonly tiers: Tiers;
  /** Turns values into bytes for the remote tiers. @defaultValue {@link json} */
  readonly serializer?: Serializer;
  /**
   * The number of the format in which frames are written, 1 or 2. To be set to the older one while processes of a release that does
   * not read the newer one share the remote tiers. Frames are read in any format that this release knows.
   * @defaultValue 1; 2 for namespaces that declare `version`, of which the first format knows nothing
   */
  readonly frameFormat?: number;
  /** Put in front of every key in the remote tiers, with a `/`; keeps applications on one server apart. @defaultValue none */
  readonly prefix?: string;
  /**
   * The longest one call to a remote tier may take, in ms; above 0 and finite. It counts from the end of the tick in which the call was
   * sent. A call that takes longer counts as failed, and the read goes on without that tier. @defaultValue 200
   */
  readonly deadlineMs?: Ms;
  /**
   * How long, in ms, the local tier may go on answering after the last proof that no announcement of another process was
   * missed; above 0; `Infinity` does without any proof. A read that is not flagged stale never returns a value older than an invalidation that
   * another process had acknowledged this long and a round trip before. Only where a remote tier has a bus.
   * @defaultValue 1_000
   */
  readonly horizonMs?: Ms;
  /**
   * `false` turns the cache off in an emergency: no tier is asked or written, every read is a load, still shared by all
   * who ask for the key meanwhile. @defaultValue true
   */
  readonly enabled?: boolean;
  /** Hears what happens; of several, each hears all of it, in their order. @defaultValue none, at no cost */
  readonly observer?: Observer | readonly Observer[];
  /**
   * Whether the cache counts for `stats()` and for `target`. A hit pays an addition or two for it. @defaultValue true
   */
  readonly statistics?: boolean;
  /** The process's time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
}

/** {@link CacheOptions}, checked, with defaults filled in and each tier at its place. Made once for a cache. */
export interface Stack extends Observation {
  readonly local: LocalTier | undefined;
  /** The remote tiers in use. */
  readonly remotes: readonly RemoteLink[];
  /** All remote tiers, to be closed with the cache. */
  readonly links: readonly RemoteLink[];
  /** The longest one call to a remote tier may take. */
  readonly deadlineMs: Ms;
  /** The names of all tiers, nearest first; each is another. */
  readonly tierNames: readonly string[];
  readonly serializer: Serializer;
  /** `undefined` where the user has not said which one. */
  readonly frameFormat: number | undefined;
  readonly prefix: string;
  readonly keySecret: KeySecret | undefined;
  readonly rules: EntryRules;
  readonly clock: Clock;
  readonly lifetime: Lifetime;
  /** Until when local entries may answer by themselves; for ever where there is no bus. */
  readonly certificate: Certificate;
  readonly announcements: Announcements;
  /** `undefined` where no remote tier has a bus. */
  readonly bus: BusLink | undefined;
  readonly outage: OutageRules;
  /** What entries of all namespaces may be invalidated by. */
  readonly tags: Tags;
}

const DEFAULT_DEADLINE_MS = 200;
const DEFAULT_HORIZON_MS = 1_000;

/** So many echoes may be sent while one is good, so that one that is lost or late does no harm. */
const ECHOES_A_HORIZON = 4;

const nameRule: OptionRule = {
  allowed: "letters, digits, '.', '_' and '-'",
  accepts: (value) => typeof value === "string" && /^[\w.-]+$/.test(value),
};

const optionRules: Readonly<Record<keyof CacheOptions, OptionRule>> = {
  ...entryOptionRules,
  ...outageOptionRules,
  tiers: { allowed: "a list of at least one tier", accepts: (value) => Array.isArray(value) && value.length > 0 },
  serializer: serializerRule,
  frameFormat: frameFormatRule,
  prefix: nameRule,
  hashKeys: hashKeysRule,
  deadlineMs: finiteMs,
  horizonMs: lifetimeMs,
  enabled: trueOrFalse,
  observer: observerRule,
  statistics: trueOrFalse,
  clock: objectWith("a clock", "now", "after"),
};

/**
 * Checks a cache's options and puts its parts in place.
 *
 * @throws `INVALID_OPTION`.
 */
export function stackOf(options: CacheOptions): Stack {
  checkOptions("createCache", options, optionRules);
  if (options?.tiers === undefined) throw invalidOption("createCache.tiers", undefined, optionRules.tiers);
  const serializer = options.serializer ?? json;
  checkSerializer("createCache", serializer);
  return {
    ...connected(options, options.clock ?? systemClock),
    serializer,
    frameFormat: options.frameFormat,
    rules: rulesOf("createCache", options, defaultRules),
    lifetime: new Lifetime(),
  };
}

/** The tiers, and whatever knows of them. */
function connected(
  options: CacheOptions,
  clock: Clock,
): Omit<Stack, "serializer" | "frameFormat" | "rules" | "lifetime"> {
  const { local, remotes } = split(options.tiers);
  const { enabled = true, deadlineMs = DEFAULT_DEADLINE_MS, horizonMs = DEFAULT_HORIZON_MS } = options;
  const prefix = options.prefix === undefined ? "" : `${options.prefix}/`;
  const tierNames = namesOf(options.tiers);
  const observation = observationOf(options.observer, {
    clock,
    tiers: tierNames,
    localTier: enabled ? local?.name : undefined,
    counts: options.statistics ?? true,
    links: () => links,
    certificateAgeMs: () => bus.certificate.ageMs(clock.now()),
  });
  const { observer, around } = observation;
  const idleClock = options.unref === true ? idle(clock) : clock;
  // They know one another: tokens lie in one of the tiers.
  const collapse = (namespaces: readonly string[]): void => tags.collapse(namespaces);
  const links = linksOf(remotes, options, { clock, idleClock, observer, around, deadlineMs, collapse });
  const inUse = enabled ? remotes : [];
  const bus = busOf(inUse, links, { clock: idleClock, observer, prefix, horizonMs });
  const keySecret = keySecretOf(options.hashKeys);
  const tags = new Tags({ prefix, secret: keySecret, clock, observer, ...bus, ...homeOf(inUse, links) });
  const outage = outageRulesOf(options, remotes);
  const places = { local: enabled ? local : undefined, remotes: enabled ? links : [], links, tierNames };
  return { ...places, deadlineMs, prefix, keySecret, clock, outage, ...observation, ...bus, tags };
}

/** Where tokens lie: in the nearest remote tier that can fence and announce them, else in the farthest. */
function homeOf(
  remotes: readonly RemoteTier[],
  links: readonly RemoteLink[],
): { readonly home: RemoteLink | undefined; readonly isHeard: boolean } {
  const able = remotes.findIndex(({ fence, bus }) => fence !== undefined && bus !== undefined);
  const at = able === -1 ? remotes.length - 1 : able;
  return {
    home: at === -1 ? undefined : links[at],
    isHeard: able !== -1 && at === remotes.findIndex(({ bus }) => bus !== undefined),
  };
}

function linksOf(
  remotes: readonly RemoteTier[],
  { breaker, unref }: CacheOptions,
  parts: Omit<RemoteLinkParts, "breaker">,
): readonly RemoteLink[] {
  if (unref === true) for (const tier of remotes) tier.unref?.();
  return remotes.map((tier) => new RemoteLink(tier, { ...parts, breaker: tierBreaker(breaker, parts.clock) }));
}

interface BusPlace {
  readonly clock: Clock;
  readonly observer: Observer | undefined;
  readonly prefix: string;
  readonly horizonMs: Ms;
}

/** The bus of the nearest remote tier that has one, and the certificate it proves. */
function busOf(
  remotes: readonly RemoteTier[],
  links: readonly RemoteLink[],
  { clock, observer, prefix, horizonMs }: BusPlace,
): Pick<Stack, "certificate" | "announcements" | "bus"> {
  const index = remotes.findIndex((tier) => tier.bus !== undefined);
  const [bus, watch] = [remotes[index]?.bus, links[index]?.watch];
  const announcements = new Announcements();
  if (bus === undefined || watch === undefined)
    return { certificate: new Certificate(Number.POSITIVE_INFINITY), announcements, bus: undefined };
  const certificate = new Certificate(horizonMs);
  const link = new BusLink(bus, {
    channel: `${prefix}tiercache`,
    clock,
    certificate,
    announcements,
    echoEveryMs: horizonMs / ECHOES_A_HORIZON,
    observe: (event) => observer?.on(event),
    echo: (nonce) => watch.echo(nonce),
  });
  return { certificate, announcements, bus: link };
}

/**
 * Checks what option rules cannot say of a serializer.
 *
 * @param owner - Who was given it, for the message.
 * @throws `INVALID_OPTION`.
 */
export function checkSerializer(owner: string, { id }: Serializer): void {
  if (!serializerIdRule.accepts(id)) throw invalidOption(`${owner}.serializer.id`, id, serializerIdRule);
}

/** Checks a namespace's name: it becomes a part of every key and an attribute of every event. */
export function checkNamespaceName(name: unknown): void {
  if (!nameRule.accepts(name)) throw invalidOption("The name of a namespace", name, nameRule);
}
