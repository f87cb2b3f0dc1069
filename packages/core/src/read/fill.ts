import { NO_EPOCH } from "../bus/certificate.ts";
import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import { localCopy, newEntry } from "../entry/freshness.ts";
import type { EntryRules } from "../entry/rules.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { TagStamp } from "../tags/tag-stamp.ts";
import type { Family } from "../write/family.ts";
import type { Flight } from "../write/flight.ts";
import type { Right } from "../write/sightings.ts";
import type { Leases } from "./leases.ts";
import type { LoadedValue } from "./loader-outcome.ts";

/** What a load was for. */
export interface FillTarget<V> {
  readonly key: string;
  readonly flight: Flight<V>;
}

/** How a value came to be. */
export interface FillMaking {
  readonly loadMs: Ms;
  readonly rules: EntryRules;
}

/** Leaves what was loaded in every tier that may have it. */
export class Fill<V> {
  readonly #family: Family<V>;
  readonly #leases: Leases<V>;

  constructor(family: Family<V>, leases: Leases<V>) {
    this.#family = family;
    this.#leases = leases;
  }

  /**
   * Encodes at once, before the value is handed to anyone who could change it, but does not wait for the remote tiers:
   * the reader has his value.
   */
  keep(target: FillTarget<V>, loaded: LoadedValue<V>, { loadMs, rules }: FillMaking): void {
    const { stack, lookups, loads, name: namespace } = this.#family;
    const { flight } = target;
    if (flight.superseded) {
      this.#family.observe({ type: "superseded", namespace });
      return;
    }
    if (flight.tiers.isHeldOff) {
      this.#family.observe({ type: "held-off", namespace });
      return;
    }
    if (this.#isOutdated(flight, loaded.value)) {
      this.#family.observe({ type: "not-kept", namespace, why: "version" });
      return;
    }
    if (!stack.lifetime.isOpen) return;
    const mayBeHeld = flight.stale !== undefined || flight.skipsTiers;
    loads.supersedeLate(flight.id);
    // A lookup that is still on its way may bring what the tiers had before.
    lookups.supersede(flight.id);
    const tiers = stack.remotes.filter(({ name }) => flight.tiers.mayFill(name));
    const stamps = this.#stampsOf(target, loaded);
    const entry = stamps === "unknown" ? undefined : this.#entryOf(loaded, { loadMs, stamps }, rules);
    if (entry === undefined) {
      const why = stamps === "unknown" ? "late-tags" : "ttl";
      this.#forget(target, mayBeHeld ? tiers : tiers.filter(({ name }) => !flight.tiers.mayRead(name)), why);
      return;
    }
    if (flight.tiers.mayFill(this.#family.localName)) this.#keepLocally(flight, entry);
    // A right that was taken away may have been given back by a loss, and a tag that has ended its token.
    const isLost = stack.tags.hasLostSince(flight.startedAt);
    const rightful = tiers.filter(({ losses }) => !isLost && !losses.since(flight.startedAt));
    if (loaded.confirms === undefined) this.#write(target, entry, rightful);
    else this.#confirm(target, entry, { tiers: rightful, confirmed: loaded.confirms.entry });
  }

  /** Whether a value is older than what its key is known to have: its loader has read what lags behind. */
  #isOutdated({ id, tiers, stale }: Flight<V>, value: V): boolean {
    const { versions } = this.#family;
    if (versions === undefined) return false;
    tiers.raise(versions.minimumOf(id));
    if (stale !== undefined) tiers.raise(versions.of(stale.entry.value));
    return versions.isBelow(value, tiers.minimum);
  }

  /** What is loaded while a tier is away is kept for a short while only: no other process can say that it is out of date. */
  #keepLocally(flight: Flight<V>, entry: Entry<V>): void {
    const { stack, local, rules } = this.#family;
    const { islandTtlMs } = stack.outage;
    const { id, tiers } = flight;
    const kept = { id, epoch: this.#epochOf(flight) };
    if (stack.bus === undefined || !tiers.someMissed) this.#family.keepLocally(kept, entry);
    else if (islandTtlMs === 0) local.delete(id);
    else {
      const copy = localCopy(entry, stack.clock.now(), { ...rules, localTtlMs: islandTtlMs });
      this.#family.keepLocally(kept, copy);
    }
  }

  /**
   * In which epoch what a flight brings may answer by itself. An invalidation that was heard before the load takes nothing from it,
   * and yet a replica may bring what was before: that nothing forbids it is known by the tiers alone, each of which has to have been asked.
   */
  #epochOf({ epoch, tiers }: Flight<V>): number {
    const { stack, rules, versions } = this.#family;
    const mayLag = rules.holdOffMs > 0 || versions !== undefined;
    if (!mayLag || stack.bus === undefined) return epoch;
    return tiers.someMissed || stack.remotes.some(({ name }) => tiers.isPassedBy(name)) ? NO_EPOCH : epoch;
  }

  /**
   * The stamps that a value is kept under: those from before its load, and of the tags that its loader has named those that
   * were known by then.
   */
  #stampsOf({ flight }: FillTarget<V>, { lateTags }: LoadedValue<V>): readonly TagStamp[] | undefined | "unknown" {
    const { footing } = flight;
    if (lateTags.length === 0) return footing.stamps;
    const late = lateTags.map((tag) => this.#family.tags.lateStamp(tag, footing));
    const known = late.filter((stamp) => stamp !== undefined);
    if (known.length === late.length) return [...(footing.stamps ?? []), ...known];
    this.#family.tags.learnForNextTime(lateTags);
    return "unknown";
  }

  /** `undefined` also for a value that is to be cloned and cannot. */
  #entryOf(
    { value, etag, confirms }: LoadedValue<V>,
    { loadMs, stamps }: { readonly loadMs: Ms; readonly stamps: readonly TagStamp[] | undefined },
    rules: EntryRules,
  ): Entry<V> | undefined {
    const now = this.#family.stack.clock.now();
    // It takes less to find a value unchanged than to make it. The next refresh has to begin early enough to make it.
    const making = { now, loadMs: Math.max(loadMs, confirms?.entry.loadMs ?? 0), etag, stamps };
    try {
      return newEntry(value, making, rules);
    } catch {
      return undefined;
    }
  }

  /** A value that is not to be kept must not leave the one it was to replace in its place: in tiers that may have one. */
  #forget({ flight, key }: FillTarget<V>, tiers: readonly RemoteLink[], why: "ttl" | "late-tags"): void {
    this.#family.observe({ type: "not-kept", namespace: this.#family.name, why });
    const { local, localName } = this.#family;
    if (flight.tiers.mayFill(localName)) local.delete(flight.id);
    if (tiers.length === 0) return;
    void this.#family.tierWrite.remove([key], {
      tiers,
      announce: this.#family.announcementOf("gone", [flight.id]),
      followed: () => {
        // A read may have fetched it meanwhile; what was made since then is newer.
        this.#family.supersede(flight.id);
        const held = flight.tiers.mayFill(localName) ? local.get(flight.id) : undefined;
        if (held !== undefined && held.createdAt < flight.startedAt) local.delete(flight.id);
      },
    });
  }

  #write({ key, flight }: FillTarget<V>, entry: Entry<V>, tiers: readonly RemoteLink[]): void {
    if (tiers.length === 0) return;
    const { codec, stack, tierWrite, name: namespace } = this.#family;
    try {
      const plan = {
        tiers,
        rights: flight.tiers,
        lost: this.#lost,
        announce: this.#family.announcementOf("filled", [flight.id]),
      };
      const payload = codec.payloadOf(entry.value, key, entry);
      // Without the tokens from before the load nobody could tell whether it was invalidated since.
      const { generation, wasKnown, all } = flight.footing;
      if (!wasKnown || generation.token === undefined) return;
      stack.tags.use(all, entry.expiresAt);
      void tierWrite.supply({ key, entry, generation: generation.token }, payload, plan).then((refused) => {
        for (const tier of refused) this.#refused(flight.id, entry, tier);
      });
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }

  readonly #lost = ({ revision, isLease }: Right): void => {
    if (isLease) this.#leases.orphaned(revision);
  };

  /** The key was written or removed elsewhere since the load began, so the value is no better here. */
  #refused(id: string, { value }: Entry<V>, tier: string): void {
    const { local, name: namespace } = this.#family;
    this.#family.observe({ type: "refused", namespace, tier });
    if (local.get(id)?.value === value) local.delete(id);
  }

  /**
   * A tier that was seen to hold what is confirmed is not sent it again; if it holds something else or nothing by the time
   * it hears of that, that stays so. Others are sent all of it.
   */
  #confirm(
    { flight, key }: FillTarget<V>,
    entry: Entry<V>,
    { tiers, confirmed }: { readonly tiers: readonly RemoteLink[]; readonly confirmed: Entry<V> },
  ): void {
    this.#family.observe({ type: "unchanged", namespace: this.#family.name });
    const others: RemoteLink[] = [];
    for (const tier of tiers) {
      const seen = flight.tiers.seenIn(tier.name);
      const isConfirmed = seen !== undefined && (seen.entry === confirmed || isSameVersion(seen.entry, confirmed));
      const isSaidAnew = entry.etag !== seen?.entry.etag;
      if (isConfirmed && tier.canRenew && !isSaidAnew && haveSameStamps(entry, seen.entry)) {
        void this.#family.tierWrite.renew({ key, entry }, seen.frame, tier);
      } else others.push(tier);
    }
    this.#write({ flight, key }, entry, others);
  }
}

function haveSameStamps({ stamps: one = [] }: Entry<unknown>, { stamps: other = [] }: Entry<unknown>): boolean {
  return one.length === other.length && one.every((stamp) => other.includes(stamp));
}

function isSameVersion(one: Entry<unknown>, other: Entry<unknown>): boolean {
  return one.etag !== undefined && one.etag === other.etag;
}
