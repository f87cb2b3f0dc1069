import type { Announcements } from "../bus/announcements.ts";
import type { BusLink } from "../bus/bus-link.ts";
import type { Certificate } from "../bus/certificate.ts";
import type { Clock, Ms } from "../contracts/clock.ts";
import type { Observer, TagOperation } from "../contracts/observer.ts";
import type { KeySecret } from "../entry/key-secret.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import { Footing, type FootingNames } from "./footing.ts";
import { StampTable } from "./stamp-table.ts";
import { TagNames } from "./tag-names.ts";
import { GONE, type TagStamp } from "./tag-stamp.ts";
import { TokenEnds } from "./token-ends.ts";
import { TokenHome } from "./token-home.ts";
import { TokenTrip } from "./token-trip.ts";

/** What the tags of a cache are made of. */
export interface TagsParts {
  readonly prefix: string;
  readonly secret: KeySecret | undefined;
  readonly clock: Clock;
  readonly certificate: Certificate;
  readonly announcements: Announcements;
  readonly bus: BusLink | undefined;
  /** Where tokens lie; `undefined` where there is no remote tier: then they are needed by nobody. */
  readonly home: RemoteLink | undefined;
  /** Whether this process listens to the bus of that tier. */
  readonly isHeard: boolean;
  readonly observer: Observer | undefined;
}

/** Each takes some 200 bytes. */
const MAX_TAGS = 100_000;

/** The tags of a cache, which all of its namespaces share, and the generations of these. */
export class Tags {
  readonly names: TagNames;
  readonly table: StampTable;
  readonly #link: RemoteLink | undefined;
  readonly #home: TokenHome | undefined;
  readonly #ends: TokenEnds;
  readonly #observer: Observer | undefined;

  constructor(parts: TagsParts) {
    this.#observer = parts.observer;
    const { clock, certificate, bus, home: link, isHeard } = parts;
    const names = new TagNames(parts);
    const table = new StampTable({ maxTags: MAX_TAGS, knowsAll: link?.isFenced === true });
    const tokens = link && new TokenHome(link, { table, names, clock, certificate, isHeard });
    this.names = names;
    this.table = table;
    this.#link = link;
    this.#home = tokens;
    this.#ends = new TokenEnds({ table, names, clock, bus, home: link && tokens && { link, tokens } });
    parts.announcements.joinTags((heard, { isGone, by }) => {
      // Own ends were followed when they were made, before and after the tier was told.
      if (bus?.isOwn(by) === true) return;
      for (const name of heard) table.end(name, isGone ? GONE : clock.now());
    });
  }

  /** Whether a remote tier is the one in which tokens lie. */
  isHome(tier: RemoteLink): boolean {
    return tier === this.#link;
  }

  /** Whether tokens that had ended may have come back since an instant, and with them what was made under them. */
  hasLostSince(instant: Ms): boolean {
    return this.#link?.losses.since(instant) ?? false;
  }

  /** Whether an entry is not to be believed in any tier, as a tag of it may have ended and its token have come back. */
  doubts(entry: { readonly createdAt: Ms }): boolean {
    return this.#link?.losses.doubts(entry) ?? false;
  }

  /** Whether tokens are of use: somebody else may read what is made here. */
  get haveTokens(): boolean {
    return this.#home !== undefined;
  }

  /** What something that begins now stands on. */
  footing(names: FootingNames): Footing {
    return Footing.on(this.table, names);
  }

  /** A trip down the tiers. */
  trip(): TokenTrip {
    return new TokenTrip(this.table, this.#home);
  }

  async #readied(trip: TokenTrip, names: readonly string[]): Promise<void> {
    await trip.learning;
    await trip.mint(names);
  }

  /** Something is kept under incarnations until some instant, and they are to be known as long. */
  use(stamps: readonly TagStamp[], until: Ms): void {
    for (const stamp of stamps) this.#home?.use(stamp, until);
  }

  /**
   * The current incarnation of a tag that was named only after something had begun: `undefined` where it may have begun under
   * another one.
   */
  lateStamp(name: string, { ends, learned }: Footing): TagStamp | undefined {
    if (!this.haveTokens) return this.table.hasEndedSince(name, ends) ? undefined : this.table.of(name);
    const stamp = this.table.known(name);
    return stamp !== undefined && stamp.learnedAt <= learned ? stamp : undefined;
  }

  /**
   * Learns the tokens of names, and makes those that are missing, as far as the tier where they lie can be asked.
   *
   * @returns `undefined` where all are known for sure.
   */
  ready(names: readonly string[]): Promise<void> | undefined {
    const trip = this.trip();
    trip.learn(names);
    return trip.learning && this.#readied(trip, names);
  }

  /** Has everything under some tags invalidated: it may still answer where a load fails. */
  invalidate(names: readonly string[]): Promise<boolean> {
    return this.#told("invalidate", names, this.#ends.invalidate(names));
  }

  /** Has everything under some tags deleted. */
  delete(names: readonly string[]): Promise<boolean> {
    return this.#told("delete", names, this.#ends.delete(names, { kind: "tags-deleted", names }));
  }

  /** Has everything in some namespaces deleted. */
  async clear(namespaces: readonly string[]): Promise<boolean> {
    const done = await this.forget(namespaces);
    for (const namespace of namespaces) this.#observer?.on({ type: "cleared", namespace, status: statusOf(done) });
    return done;
  }

  /** As {@link clear}, for what somebody else tells of. */
  forget(namespaces: readonly string[]): Promise<boolean> {
    const names = namespaces.map((namespace) => this.names.ofGeneration(namespace));
    return this.#ends.delete(names, { kind: "tags-deleted", names });
  }

  /** As {@link clear}, in the next step of the tier: from now on nothing is read there before. */
  collapse(namespaces: readonly string[]): void {
    this.#ends.deleteLater(namespaces.map((namespace) => this.names.ofGeneration(namespace)));
  }

  async #told(operation: TagOperation, names: readonly string[], ended: Promise<boolean>): Promise<boolean> {
    const done = await ended;
    this.#observer?.on({ type: "tags-ended", operation, tags: names.length, status: statusOf(done) });
    return done;
  }
}

function statusOf(done: boolean): "done" | "queued" {
  return done ? "done" : "queued";
}
