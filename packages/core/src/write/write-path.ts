import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { LocalSpace } from "../contracts/tier.ts";
import { newEntry } from "../entry/freshness.ts";
import type { Payload } from "../entry/payload.ts";
import { type EntryRules, rulesOf } from "../entry/rules.ts";
import { CacheError } from "../errors.ts";
import { lifetimeMs, type OptionRule } from "../option-rules.ts";
import type { Footing } from "../tags/footing.ts";
import { checkedTags } from "../tags/tag-rules.ts";
import type { Family } from "./family.ts";
import { DONE, QUEUED, type RemoteOptions, remoteOptionRules, resultOf, type WriteResult } from "./remote-options.ts";
import { type Retraction, remainsOf } from "./retraction.ts";
import { tierNamesRule, tiersNamed } from "./tier-names.ts";
import type { KeyedEntry, RemovalPlan } from "./tier-write.ts";

/** Rules for one entry, in place of its namespace's. */
export interface WriteOptions extends RemoteOptions {
  /** How long the value is fresh, in ms; above 0, `Infinity` for ever. @defaultValue the namespace's `ttlMs` */
  readonly ttlMs?: Ms;
  /**
   * Names of tiers that are not given the value; what they hold of the key is removed there, as it is older.
   * @defaultValue none
   */
  readonly skipWriting?: readonly string[];
  /** Tags of the entry besides those that its namespace declares; see `tags` there. @defaultValue none */
  readonly tags?: readonly string[];
}

/** What each of the {@link WriteOptions} accepts. */
export const writeOptionRules: Readonly<Record<keyof WriteOptions, OptionRule>> = {
  ttlMs: lifetimeMs,
  skipWriting: tierNamesRule,
  tags: { allowed: "a list of tags", accepts: (value) => Array.isArray(value) },
  ...remoteOptionRules,
};

/** A value to be kept under an id, and the arguments that this came from. */
export interface KeyedValue<V> {
  readonly id: string;
  readonly args: readonly unknown[];
  readonly value: V;
}

const REMOVAL: Retraction = { keepsStale: false, holdOffMs: 0 };

/** A value that has passed every check and may be put into the tiers. */
interface Prepared<V> {
  readonly id: string;
  readonly key: string;
  readonly footing: Footing;
  /** `undefined` where the rules say that the value is not kept. */
  readonly entry: Entry<V> | undefined;
  /** `undefined` where there is no remote tier. */
  readonly payload: Payload | undefined;
  /** What was done to the id while this waited to be sent, and how that ends. */
  overtakenBy: Promise<boolean> | undefined;
}

/** A value that the remote tiers can be sent. */
interface Outgoing {
  readonly id: string;
  readonly keyed: KeyedEntry;
  readonly payload: Payload;
}

/** Does what was explicitly asked of a key: puts a value there or takes it away. */
export class WritePath<V> {
  readonly #family: Family<V>;
  readonly #local: LocalSpace<V>;
  /** The entries that were set, as the local tier holds them. */
  readonly #set = new WeakSet<Entry<V>>();
  /** By id, the last value that waits for tokens: whatever is done to the id meanwhile is newer. */
  readonly #waiting = new Map<string, Prepared<V>>();

  constructor(family: Family<V>) {
    this.#family = family;
    this.#local = family.local;
  }

  /**
   * Keeps values in every tier, in place of what is there and of whatever running loads will bring. All are looked at
   * before any is kept, so that a value which is refused leaves nothing half done.
   *
   * @throws {@link CacheError} `INVALID_KEY`; `INVALID_OPTION`; `INVALID_VALUE` for a value the serializer refuses.
   */
  async set(values: readonly KeyedValue<V>[], options?: WriteOptions): Promise<WriteResult> {
    const { name, rules, stack } = this.#family;
    const owner = `${name}.set`;
    const own = options?.ttlMs === undefined ? rules : rulesOf(owner, { ttlMs: options.ttlMs }, rules);
    const skipped = tiersNamed(`${owner}.skipWriting`, options?.skipWriting, stack);
    const more = options?.tags && checkedTags(`${owner}.tags`, options.tags);
    const prepared = values.map((each) => {
      return this.#prepared(each, this.#family.tags.footing(this.#family.tags.of(each.args, more)), own);
    });
    const put = await Promise.all(prepared.map((one) => this.#overtaking([one.id], () => this.#put(one, skipped))));
    return put.every(Boolean) ? DONE : QUEUED;
  }

  /**
   * Takes keys, or their freshness, out of every tier, with one call to each remote one, and from every running load the
   * right to bring them back.
   */
  async remove(ids: readonly string[], retraction: Retraction = REMOVAL): Promise<WriteResult> {
    const { keepsStale, holdOffMs, version } = retraction;
    const { tierWrite, holdOffs, versions, stack } = this.#family;
    const keys = ids.map((id) => this.#family.remoteKey(id));
    const what = keepsStale ? "stale" : "gone";
    for (const id of ids) {
      this.#family.retract(id, what);
      if (holdOffMs > 0) holdOffs.begin(id, holdOffMs);
      if (version !== undefined) versions?.raise(id, version);
    }
    if (!tierWrite.needed || keys.length === 0) return DONE;
    const plan: RemovalPlan = {
      announce: this.#family.announcementOf(what, ids, version),
      leaves: remainsOf(retraction, stack.clock.now()),
      // Between the first drop and the remote removal another read may have fetched the old value from there. A value that
      // was set meanwhile is newer than the removal.
      followed: () => {
        for (const id of ids) if (!this.wasSet(id)) this.#family.retract(id, what);
      },
    };
    return resultOf(this.#overtaking(ids, () => tierWrite.remove(keys, plan)));
  }

  /** The ids of what waits to be sent. */
  get waitingIds(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  #prepared({ id, value }: KeyedValue<V>, footing: Footing, rules: EntryRules): Prepared<V> {
    const { stack, codec, tierWrite, name } = this.#family;
    const key = this.#family.remoteKey(id);
    let refusal = "cloned, as isolate asks for";
    try {
      const entry = newEntry(value, { now: stack.clock.now(), loadMs: 0, stamps: footing.stamps }, rules);
      refusal = "encoded by its serializer";
      const payload = tierWrite.needed ? codec.payloadOf(value, key, entry) : undefined;
      return { id, key, footing, entry, payload, overtakenBy: undefined };
    } catch (cause) {
      const message = `A value for namespace "${name}" cannot be ${refusal}.`;
      throw new CacheError("INVALID_VALUE", message, { cause });
    }
  }

  async #put(prepared: Prepared<V>, skipped: ReadonlySet<string>): Promise<boolean> {
    const { id, entry, payload, footing } = prepared;
    const { stack, localName, tags } = this.#family;
    // A value that is not to be kept must not leave an older one in its place.
    if (entry === undefined) return (await this.remove([id])) === DONE;
    if (this.#isOutranked(id, entry)) return true;
    this.#family.supersede(id);
    const held = skipped.has(localName)
      ? undefined
      : this.#family.keepLocally({ id, epoch: stack.certificate.epoch }, entry);
    if (held === undefined) this.#local.delete(id);
    else this.#set.add(held);
    if (payload === undefined) return true;
    const learning = tags.ready(footing);
    if (learning === undefined) return this.#send(prepared, held, skipped);
    this.#waiting.set(id, prepared);
    const learned = learning.then(() => {
      if (this.#waiting.get(id) === prepared) this.#waiting.delete(id);
    });
    if (!footing.isKnown) {
      await learned;
      return prepared.overtakenBy ?? this.#send(prepared, held, skipped);
    }
    // Sent at once by what was known, and once more where somebody else has ended that before.
    const again = learned.then(async () => {
      const isSentInVain = !footing.holds && footing.followed().holds;
      if (isSentInVain && prepared.overtakenBy === undefined) await this.#send(prepared, held, skipped);
    });
    stack.lifetime.track(again);
    return this.#send(prepared, held, skipped);
  }

  /** Does something to ids, which what still waits to be sent for them must not undo. */
  #overtaking(ids: readonly string[], act: () => Promise<boolean>): Promise<boolean> {
    const earlier = ids.map((id) => this.#waiting.get(id));
    const acting = act();
    for (const each of earlier) if (each !== undefined) each.overtakenBy = acting;
    return acting;
  }

  /** Sends a value to the remote tiers; resolves to whether all have it. */
  async #send(prepared: Prepared<V>, held: Entry<V> | undefined, skipped: ReadonlySet<string>): Promise<boolean> {
    const { id, key, entry, payload, footing } = prepared;
    if (entry === undefined || payload === undefined) return true;
    const current = footing.followed();
    const { stamps, generation, holds, isKnown } = current;
    if (held !== undefined) held.stamps = stamps;
    entry.stamps = stamps;
    if (holds && isKnown && generation.token !== undefined) {
      this.#family.stack.tags.use(current.all, entry.expiresAt);
      return this.#sent({ id, payload, keyed: { key, entry, generation: generation.token } }, skipped);
    }
    // Nobody could tell whether it has been invalidated, or it has been: what the tiers hold is older in any case.
    return (await this.#removed(prepared)) && isKnown;
  }

  async #sent({ id, keyed, payload }: Outgoing, skipped: ReadonlySet<string>): Promise<boolean> {
    const { stack, tierWrite } = this.#family;
    const announce = this.#family.announcementOf("gone", [id]);
    const outranked = this.#outranked(id, keyed.entry as Entry<V>);
    if (skipped.size === 0) return tierWrite.write(keyed, payload, { tiers: stack.remotes, announce, outranked });
    const into = stack.remotes.filter(({ name }) => !skipped.has(name));
    const without = stack.remotes.filter(({ name }) => skipped.has(name));
    const written = into.length === 0 || (await tierWrite.write(keyed, payload, { tiers: into, announce, outranked }));
    if (without.length === 0) return written;
    // As with any removal: what was found until now in the tiers that have followed must not be copied into these.
    const followed = (): void => this.#family.supersede(id);
    if (into.length > 0) followed();
    return (await tierWrite.remove([keyed.key], { tiers: without, announce, followed })) && written;
  }

  /** Whether this process knows of a higher version than a value that is to be set has. */
  #isOutranked(id: string, { value }: Entry<V>): boolean {
    if (this.#family.versions?.isOutranked(id, value, this.#local.get(id)) !== true) return false;
    this.#family.observe({ type: "not-kept", namespace: this.#family.name, why: "version" });
    return true;
  }

  /** What is done where a tier has a higher version; `undefined` for a value without one. */
  #outranked(id: string, { value }: Entry<V>): (() => void) | undefined {
    if (this.#family.versions?.of(value) === undefined) return undefined;
    return () => {
      this.#family.observe({ type: "not-kept", namespace: this.#family.name, why: "version" });
      if (this.#local.get(id)?.value === value) this.#family.retract(id, "gone");
    };
  }

  #removed({ id, key }: Prepared<V>): Promise<boolean> {
    const announce = this.#family.announcementOf("gone", [id]);
    return this.#family.tierWrite.remove([key], { announce, followed: () => this.#family.supersede(id) });
  }

  /** Whether what the local tier has of an id was set, and not loaded. */
  wasSet(id: string): boolean {
    const entry = this.#local.get(id);
    return entry !== undefined && this.#set.has(entry);
  }
}
