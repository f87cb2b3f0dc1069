import type { NamespaceListener } from "../bus/announcements.ts";
import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { CacheEvent } from "../contracts/observer.ts";
import type { LocalSpace } from "../contracts/tier.ts";
import type { EntryCodec } from "../entry/codec.ts";
import { invalidatedEntry, isFresh, judge, localCopy, type Verdict } from "../entry/freshness.ts";
import { escapedId, remoteKeys } from "../entry/key.ts";
import { KeyPattern } from "../entry/key-pattern.ts";
import type { KeySecret } from "../entry/key-secret.ts";
import type { EntryRules } from "../entry/rules.ts";
import type { ValueCheck } from "../entry/value-check.ts";
import type { Stack } from "../stack.ts";
import type { TargetOptions } from "../statistics/hit-rate-target.ts";
import type { NamespaceStatistics } from "../statistics/namespace-statistics.ts";
import { emptySpace } from "./empty-space.ts";
import type { Flight } from "./flight.ts";
import { Flights } from "./flights.ts";
import { HoldOffs } from "./hold-offs.ts";
import { NamespaceTags, type TagsOf } from "./namespace-tags.ts";
import { Outcomes } from "./outcomes.ts";
import { TierWrite } from "./tier-write.ts";
import { Touches } from "./touches.ts";
import { Versions } from "./versions.ts";
import { Waiters } from "./waiters.ts";

/** What makes one key family of a cache: its name and its rules. */
export interface FamilyParts<V> {
  readonly name: string;
  readonly rules: EntryRules;
  /** Whether ids are made of several parts and already escaped, or are the caller's own string. */
  readonly composed: boolean;
  readonly codec: EntryCodec;
  /** `undefined` where whatever was decoded is a value. */
  readonly valueCheck: ValueCheck<V> | undefined;
  /** Hides the ids in the remote tiers. */
  readonly secret: KeySecret | undefined;
  /** What its hit rate shall be. */
  readonly target?: TargetOptions | undefined;
  /** `undefined` where no tag is known from a key. */
  readonly tagsOf: TagsOf | undefined;
  /** `undefined` where values have no versions. */
  readonly versionOf?: ((value: V) => number | undefined) | undefined;
}

/** What the reads and the writes of one namespace share. */
export class Family<V> {
  readonly name: string;
  readonly stack: Stack;
  readonly rules: EntryRules;
  readonly codec: EntryCodec;
  readonly valueCheck: ValueCheck<V> | undefined;
  readonly local: LocalSpace<V>;
  readonly tierWrite: TierWrite;
  readonly tags: NamespaceTags;
  /** Reads that end in a load. */
  readonly loads: Flights<V>;
  /** Reads that ask the tiers alone: a load must not be joined by them, nor they by a load. */
  readonly lookups: Flights<V | undefined>;
  /** Those who wait for another process to fill a key. */
  readonly waiters: Waiters;
  /** The keys of which nothing is kept for a while. */
  readonly holdOffs: HoldOffs;
  /** The keys that were written or removed lately. */
  readonly touches: Touches;
  /** What is known of the versions of its values; `undefined` where they have none. */
  readonly versions: Versions<V> | undefined;
  readonly statistics: NamespaceStatistics;
  /** Tells how reads and writes have ended. */
  readonly outcomes: Outcomes;
  /** Whether ids are made of several parts. */
  readonly composed: boolean;
  readonly #secret: KeySecret | undefined;
  readonly #remoteKeyOf: (id: string) => string;
  /** What the local tier goes by. A sliding life must not end there before it is prolonged. */
  readonly #localRules: EntryRules;

  constructor(stack: Stack, parts: FamilyParts<V>) {
    const { name, rules, composed, secret, codec, valueCheck, target, tagsOf, versionOf } = parts;
    this.name = name;
    this.stack = stack;
    this.rules = rules;
    const isBounded = rules.localTtlMs !== undefined || rules.sliding;
    this.#localRules = isBounded ? rules : { ...rules, localTtlMs: stack.outage.localTtlMs };
    this.versions = versionOf && new Versions(versionOf, stack.clock);
    const { versions } = this;
    this.codec = versions === undefined ? codec : codec.versioned((value) => versions.of(value as V));
    this.valueCheck = valueCheck;
    this.local = stack.local === undefined ? emptySpace : stack.local.open<V>(name, rules.localShare);
    this.statistics = stack.statistics.namespace({ name, space: this.local, target });
    this.outcomes = new Outcomes(this);
    this.tierWrite = new TierWrite(stack, this.codec, name);
    this.tags = new NamespaceTags(stack.tags, {
      namespace: name,
      tagsOf,
      cleared: () => this.#cleared(),
      track: (work) => stack.lifetime.track(work),
    });
    this.loads = new Flights(stack, ({ footing }) => this.tags.mayJoin(footing));
    this.lookups = new Flights(stack);
    this.waiters = new Waiters(stack.clock);
    this.holdOffs = new HoldOffs(stack.clock);
    this.touches = new Touches(stack.clock);
    this.composed = composed;
    this.#secret = secret;
    this.#remoteKeyOf = remoteKeys({ prefix: stack.prefix, namespace: name, composed, secret });
  }

  /** Whether the remote tiers' keys cannot be read. */
  get hidesKeys(): boolean {
    return this.#secret !== undefined;
  }

  /** The key of an id in the remote tiers. @throws `INVALID_KEY`. */
  remoteKey(id: string): string {
    return this.#remoteKeyOf(id);
  }

  /** What the keys of all ids begin with in the remote tiers. */
  get keyBeginning(): string {
    return `${this.stack.prefix}${this.name}:`;
  }

  /** Whether the key of an id matches, as it can be read. */
  isMatch(id: string, pattern: KeyPattern): boolean {
    return pattern.matches(escapedId(id, this.composed));
  }

  /** Takes from everything running for a key the right to keep what it brings. */
  supersede(id: string): void {
    this.touches.note(id);
    this.loads.supersede(id);
    this.lookups.supersede(id);
  }

  /** The name of the local tier. */
  get localName(): string {
    return this.stack.local?.name ?? "none";
  }

  /**
   * Keeps an entry in the local tier, no longer than the rules allow there. Returns it as it is held.
   *
   * @param flight - What has brought it, with the epoch in which that began.
   */
  keepLocally(
    { id, epoch }: Pick<Flight<V>, "id" | "epoch">,
    entry: Entry<V>,
    now: Ms = this.stack.clock.now(),
  ): Entry<V> {
    const copy = localCopy(entry, now, this.#localRules);
    copy.epoch = epoch;
    this.local.set(id, copy, now);
    return copy;
  }

  /** Whether a local entry may answer by itself: no announcement that speaks of it can have been missed. */
  trusts(entry: Entry<V>, now: Ms): boolean {
    const { certificate } = this.stack;
    return now < certificate.until && entry.epoch === certificate.epoch;
  }

  /** What a local entry is good for: nothing by itself where it is fresh, but not certified. */
  verdictOn(entry: Entry<V>): Verdict {
    const now = this.stack.clock.now();
    if (!isFresh(entry, now) || this.trusts(entry, now)) return judge(entry, now, this.rules);
    return "unusable";
  }

  /** What a change of keys is announced by, where there is a bus. */
  announcementOf(kind: "gone" | "stale" | "filled", ids: readonly string[], version?: number): string | undefined {
    const namespace = this.name;
    const message = kind === "filled" ? { kind, namespace, ids } : { kind, namespace, ids, version };
    return this.stack.bus?.textOf(message, this.#secret).text;
  }

  /** Hears of this namespace's keys. */
  listen(): void {
    const { announcements, bus } = this.stack;
    const listener: NamespaceListener = {
      // Own changes were followed when they were made, before and after the tier was told; what came after is newer.
      invalidated: (ids, what, { by, version }) => {
        if (bus?.isOwn(by) !== true) this.#heard(ids, what, version);
      },
      filled: (ids) => {
        for (const id of ids) this.waiters.wake(id);
      },
      matching: (text, by) => {
        if (bus?.isOwn(by) !== true) this.#heardMatching(text);
      },
    };
    announcements.join(this.name, listener, this.#secret);
  }

  /**
   * Takes from everything running for a key the right to keep what it brings, and from the local tier its value, or
   * its freshness.
   */
  retract(id: string, what: "gone" | "stale"): void {
    this.supersede(id);
    const held = what === "gone" ? undefined : this.local.get(id);
    const now = this.stack.clock.now();
    const left = held === undefined ? undefined : invalidatedEntry(held, now, this.rules);
    if (left === undefined) this.local.delete(id);
    else this.local.set(id, left, now);
  }

  /**
   * {@link retract}s all ids of this process that match. Returns them.
   *
   * @param spares - Which of them are not to be touched.
   */
  retractMatching(pattern: KeyPattern, spares: (id: string) => boolean = () => false): readonly string[] {
    const { local, loads, lookups } = this;
    this.touches.noteAny();
    const held = local.ids?.();
    if (held === undefined) local.clear();
    const all = new Set([...(held ?? []), ...loads.ids(), ...lookups.ids()]);
    const ids = [...all].filter((id) => this.isMatch(id, pattern) && !spares(id));
    for (const id of ids) this.retract(id, "gone");
    return ids;
  }

  #cleared(): void {
    this.local.clear();
    this.touches.noteAny();
  }

  #heardMatching(text: string): void {
    // What is none here may be one to a later version: whatever it matches, it is in all.
    const pattern = KeyPattern.of(text) ?? EVERY_KEY;
    const ids = pattern === undefined ? [] : this.retractMatching(pattern);
    this.observe({ type: "invalidated-elsewhere", namespace: this.name, keys: ids.length });
  }

  #heard(ids: readonly string[], what: "gone" | "stale", version: number | undefined): void {
    for (const id of ids) {
      if (version !== undefined) this.versions?.raise(id, version);
      this.retract(id, what);
      this.waiters.wake(id);
    }
    this.observe({ type: "invalidated-elsewhere", namespace: this.name, keys: ids.length });
  }

  observe(event: CacheEvent): void {
    this.stack.observer?.on(event);
  }
}

const EVERY_KEY = KeyPattern.of("*");
