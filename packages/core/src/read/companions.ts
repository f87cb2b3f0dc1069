import type { Ms } from "../contracts/clock.ts";
import { ownCopyOf } from "../entry/copy.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Footing } from "../tags/footing.ts";
import type { Beginning } from "../write/departure.ts";
import type { Family } from "../write/family.ts";
import type { TierSkips } from "../write/sightings.ts";
import type { KeyedValue } from "../write/write-path.ts";
import { Fill } from "./fill.ts";
import { Leases } from "./leases.ts";
import type { ReadRequest } from "./request.ts";
import { TierRead } from "./tier-read.ts";

/** A value that the loader of another key has learned. */
export interface Companion<V> {
  readonly id: string;
  readonly value: V;
  /** The tags that are known from its key. */
  readonly tags: readonly string[] | undefined;
}

/** The load by which something was learned. */
export interface LearnedBy extends Beginning {
  /** What was known of tags when it began. */
  readonly footing: Footing;
  readonly loadMs: Ms;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Keeps what loaders of other keys have learned of one namespace's. Which keys these are is known only when their load ends, so
 * nothing was noted of them when it began: neither a lease nor the tokens of their tags. So it is proved afterwards that nothing has
 * happened to them since. What this process has done or heard it remembers; and what is to lie in a remote tier is first given a lease
 * there, and then waits for an echo of the bus: by then all has been heard that was done before the lease was taken, and of
 * what is done after it the lease does not survive.
 */
export class Companions<V> {
  readonly #family: Family<V>;
  readonly #keyed: (key: unknown, value: unknown) => KeyedValue<V>;
  readonly #leases: Leases<V>;
  readonly #tierRead: TierRead<V>;
  readonly #fill: Fill<V>;
  /** The remote tier of which it can be proved; `undefined` where there is none. */
  readonly #provable: RemoteLink | undefined;
  /** Whether a loader may have read what lags behind, which the tiers alone can tell. */
  readonly #asksFirst: boolean;
  readonly #onlyHere: TierSkips;
  readonly #onlyThere: TierSkips;

  /** @param keyed - Takes a key and a value as users hand them over, and throws for what is none. */
  constructor(family: Family<V>, keyed: (key: unknown, value: unknown) => KeyedValue<V>) {
    const { remotes } = family.stack;
    const { rules, versions, localName } = family;
    this.#family = family;
    this.#keyed = keyed;
    this.#leases = new Leases(family);
    this.#tierRead = new TierRead(family, this.#leases);
    this.#fill = new Fill(family, this.#leases);
    // The one whose bus is listened to: what is done there and announced is one step.
    const heard = remotes.find(({ hasBus }) => hasBus);
    this.#provable = heard?.isFenced === true ? heard : undefined;
    const others = remotes.filter((tier) => tier !== this.#provable).map(({ name }) => name);
    this.#onlyHere = { reading: NONE, writing: new Set(remotes.map(({ name }) => name)) };
    this.#asksFirst = remotes.length > 0 && (rules.holdOffMs > 0 || versions !== undefined);
    this.#onlyThere = { reading: new Set(others), writing: new Set(this.#asksFirst ? others : [...others, localName]) };
  }

  /** Whether they are of a namespace of this cache. */
  isOf(stack: unknown): boolean {
    return this.#family.stack === stack;
  }

  /** @throws {@link CacheError} `INVALID_KEY`; `INVALID_VALUE` for a promise; `INVALID_OPTION` for what its tags are made to. */
  companion(key: unknown, given: unknown): Companion<V> {
    const { id, args, value } = this.#keyed(key, given);
    return { id, value, tags: this.#family.tags.of(args) };
  }

  /** Keeps values where nothing fresh is, and nothing may have happened to them since the load began. Nobody waits for remote tiers. */
  keep(companions: readonly Companion<V>[], by: LearnedBy): void {
    const { stack, rules } = this.#family;
    // Of a key that comes twice the later value stays.
    const latest = [...new Map(companions.map((each) => [each.id, each])).values()];
    // Where values are cloned, whoever is given this one meanwhile may change it.
    const own = rules.isolate === "clone" ? latest.map((each) => ({ ...each, value: ownCopyOf(each.value) })) : latest;
    const kept = own.filter((each) => this.#mayBeginWith(each, by));
    if (!this.#asksFirst) for (const each of kept) this.#keepFor(this.#begun(each, this.#onlyHere), each.value, by);
    if (kept.length === 0 || this.#provable === undefined) return;
    stack.lifetime.track(this.#keepThere(kept, by));
  }

  /** Whether a key has nothing fresh here and nobody who loads it: what a running load brings is no older. */
  #mayBeginWith(companion: Companion<V>, by: LearnedBy): boolean {
    const { loads, local } = this.#family;
    const held = local.get(companion.id);
    if (loads.running(companion.id) !== undefined) return false;
    if (held !== undefined && this.#family.verdictOn(held).startsWith("fresh")) return false;
    return this.#mayBeKept(companion, by);
  }

  /** Keeps values in a remote tier, where it can be proved that nothing has happened to them. Never rejects. */
  async #keepThere(companions: readonly Companion<V>[], by: LearnedBy): Promise<void> {
    const { tags, stack, local } = this.#family;
    const requests = companions.map((each) => this.#begun(each, this.#onlyThere));
    await this.#tierRead.find(requests);
    const isProved = (await stack.bus?.caughtUp(stack.deadlineMs)) === true;
    for (const [index, companion] of companions.entries()) {
      const request = requests[index] as ReadRequest<[], V>;
      // Somebody has it held off by a call of which the tier alone knows. What was set since has superseded this.
      if (request.flight.tiers.isHeldOff && !request.flight.superseded) local.delete(companion.id);
      if (request.flight.found === undefined && isProved && this.#mayBeKept(companion, by)) {
        // On what was learned of its tags on the way: none of them has ended since the load began.
        request.flight.standOn(tags.footing(companion.tags));
        this.#keepFor(request, companion.value, by);
      } else this.#end(request);
    }
  }

  #begun({ id, tags }: Companion<V>, skips: TierSkips): ReadRequest<[], V> {
    const { loads, tags: known } = this.#family;
    const flight = loads.beginApart(id, { footing: known.footing(tags), skips });
    // Nobody reads: to look what is there is no hit and no miss.
    flight.tell();
    return { key: this.#family.remoteKey(id), args: [], tags, flight };
  }

  #keepFor(request: ReadRequest<[], V>, value: V, { loadMs }: LearnedBy): void {
    const loaded = { value, etag: undefined, lateTags: [], confirms: undefined };
    this.#fill.keep(request, loaded, { loadMs, rules: this.#family.rules });
    this.#end(request);
  }

  #end(request: ReadRequest<[], V>): void {
    this.#leases.giveUp(request);
    this.#family.loads.landed(request.flight);
  }

  /** Whether nothing has happened to a key since the load began, as far as this process has heard. */
  #mayBeKept({ id, tags = [] }: Companion<V>, { epoch, startedAt, footing }: LearnedBy): boolean {
    const { holdOffs, touches, tags: known, stack, name: namespace } = this.#family;
    if (holdOffs.isActive(id)) {
      this.#family.observe({ type: "held-off", namespace });
      return false;
    }
    if (stack.certificate.epoch !== epoch || touches.hasSince(startedAt, id) || known.haveEnded(tags, footing)) {
      this.#family.observe({ type: "superseded", namespace });
      return false;
    }
    const isHeard = this.#provable !== undefined || stack.remotes.length === 0;
    if (isHeard || tags.every((tag) => known.lateStamp(tag, footing) !== undefined)) return true;
    known.learnForNextTime(tags);
    this.#family.observe({ type: "not-kept", namespace, why: "late-tags" });
    return false;
  }
}
