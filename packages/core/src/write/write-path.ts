import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { WriteOperation } from "../contracts/observer.ts";
import type { LocalSpace } from "../contracts/tier.ts";
import { newEntry } from "../entry/freshness.ts";
import { type EntryRules, rulesOf } from "../entry/rules.ts";
import { CacheError } from "../errors.ts";
import { lifetimeMs, type OptionRule } from "../option-rules.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Family } from "./family.ts";
import { tierNamesRule, tiersNamed } from "./tier-names.ts";
import type { KeyedEntry } from "./tier-write.ts";

/**
 * How a write or an invalidation ended. The local tier has always followed; `status` speaks of the remote ones:
 *
 * - `done`: every remote tier has followed too.
 * - `queued`: at least one could not be told yet. It is told as soon as it can be, and this process does not read it before;
 *   others may see the old value there until then. Which one and why is told to the observer. What is queued is lost with
 *   the process.
 */
export interface WriteResult {
  readonly status: "done" | "queued";
}

/** Rules for one entry, in place of its namespace's. */
export interface WriteOptions {
  /** How long the value is fresh, in ms; above 0, `Infinity` for ever. @defaultValue the namespace's `ttlMs` */
  readonly ttlMs?: Ms;
  /**
   * Names of tiers that are not given the value; what they hold of the key is removed there, as it is older.
   * @defaultValue none
   */
  readonly skipWriting?: readonly string[];
}

/** What each of the {@link WriteOptions} accepts. */
export const writeOptionRules: Readonly<Record<keyof WriteOptions, OptionRule>> = {
  ttlMs: lifetimeMs,
  skipWriting: tierNamesRule,
};

const DONE: WriteResult = Object.freeze({ status: "done" });
const QUEUED: WriteResult = Object.freeze({ status: "queued" });

/** A value that has passed every check and may be put into the tiers. */
interface Prepared<V> {
  readonly id: string;
  readonly key: string;
  /** `undefined` where the rules say that the value is not kept. */
  readonly entry: Entry<V> | undefined;
  /** `undefined` where there is no remote tier. */
  readonly payload: Uint8Array | undefined;
}

/** Does what was explicitly asked of a key: puts a value there or takes it away. */
export class WritePath<V> {
  readonly #family: Family<V>;
  readonly #local: LocalSpace<V>;
  /** The entries that were set, as the local tier holds them. */
  readonly #set = new WeakSet<Entry<V>>();
  /** The ids whose renewal is under way. */
  readonly #renewing = new Set<string>();

  constructor(family: Family<V>) {
    this.#family = family;
    this.#local = family.local;
  }

  /**
   * Keeps values in every tier, in place of what is there and of whatever running loads will bring. All are looked at
   * before any is kept, so that a value which is refused leaves nothing half done.
   *
   * @throws {@link CacheError} `INVALID_KEY`; `INVALID_VALUE` for a value the serializer refuses.
   */
  set(values: readonly (readonly [id: string, value: V])[], options?: WriteOptions): Promise<WriteResult> {
    return this.#family.outcomes.written("set", values.length, this.#setAll(values, options));
  }

  async #setAll(values: readonly (readonly [id: string, value: V])[], options?: WriteOptions): Promise<WriteResult> {
    const { name, rules, stack } = this.#family;
    const owner = `${name}.set`;
    const own = options?.ttlMs === undefined ? rules : rulesOf(owner, { ttlMs: options.ttlMs }, rules);
    const skipped = tiersNamed(`${owner}.skipWriting`, options?.skipWriting, stack);
    const prepared = values.map(([id, value]) => this.#prepared(id, value, own));
    const put = await Promise.all(prepared.map((one) => this.#put(one, skipped)));
    return put.every(Boolean) ? DONE : QUEUED;
  }

  /**
   * Prolongs the life of a sliding entry from now on. Where there are remote tiers, one of them must still have the key:
   * another process may have removed it, and a session that was ended must not live on because it is used.
   *
   * @param held - A fresh entry, as the local tier holds it.
   */
  renew(id: string, held: Entry<V>): void {
    const { stack, tierWrite } = this.#family;
    if (!tierWrite.needed) this.#prolong(id, held);
    else if (!this.#renewing.has(id) && stack.lifetime.isOpen) {
      this.#renewing.add(id);
      stack.lifetime.track(this.#renewIfHeld(id, held).finally(() => this.#renewing.delete(id)));
    }
  }

  /**
   * Takes keys out of every tier, with one call to each remote one, and from every running load the right to bring them
   * back.
   */
  remove(ids: readonly string[], operation: WriteOperation = "delete"): Promise<WriteResult> {
    return this.#family.outcomes.written(operation, ids.length, this.#remove(ids));
  }

  async #remove(ids: readonly string[]): Promise<WriteResult> {
    const { tierWrite } = this.#family;
    const keys = ids.map((id) => this.#family.remoteKey(id));
    for (const id of ids) this.#drop(id);
    if (!tierWrite.needed || keys.length === 0) return DONE;
    const removed = await tierWrite.remove(keys, this.#family.announcementOf("gone", ids));
    // Between the first drop and the remote removal another read may have fetched the old value from there. A value that
    // was set meanwhile is newer than the removal.
    for (const id of ids) if (!this.#isSet(id)) this.#drop(id);
    return removed ? DONE : QUEUED;
  }

  async #renewIfHeld(id: string, held: Entry<V>): Promise<void> {
    const { tierWrite } = this.#family;
    const key = this.#family.remoteKey(id);
    const frames = await tierWrite.framesOf(key);
    // Meanwhile the key may have been written or removed here.
    if (frames.size === 0 || this.#local.get(id) !== held) return;
    const entry = this.#prolong(id, held);
    if (entry === undefined) return;
    const renewals = [...frames].map(([tier, frame]) => {
      if (tier.canRenew) return tierWrite.renew({ key, entry }, frame, tier);
      return this.#writtenWhole({ key, entry }, tier);
    });
    await Promise.all(renewals);
  }

  async #writtenWhole({ key, entry }: KeyedEntry, tier: RemoteLink): Promise<void> {
    const { codec, tierWrite, name: namespace } = this.#family;
    try {
      await tierWrite.write({ key, entry }, codec.payloadOf(entry.value, key), { tiers: [tier], announce: undefined });
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }

  #prolong(id: string, { value, loadMs, etag }: Entry<V>): Entry<V> | undefined {
    const { stack, rules, name: namespace } = this.#family;
    const entry = newEntry(value, { now: stack.clock.now(), loadMs, etag }, rules);
    if (entry === undefined) return undefined;
    this.#family.keepLocally(id, entry, stack.certificate.epoch);
    this.#family.observe({ type: "renewed", namespace });
    return entry;
  }

  #prepared(id: string, value: V, rules: EntryRules): Prepared<V> {
    const { stack, codec, tierWrite, name } = this.#family;
    const key = this.#family.remoteKey(id);
    let refusal = "cloned, as isolate asks for";
    try {
      const entry = newEntry(value, { now: stack.clock.now(), loadMs: 0 }, rules);
      refusal = "encoded by its serializer";
      return { id, key, entry, payload: tierWrite.needed ? codec.payloadOf(value, key) : undefined };
    } catch (cause) {
      const message = `A value for namespace "${name}" cannot be ${refusal}.`;
      throw new CacheError("INVALID_VALUE", message, { cause });
    }
  }

  async #put({ id, key, entry, payload }: Prepared<V>, skipped: ReadonlySet<string>): Promise<boolean> {
    const { stack, tierWrite, localName } = this.#family;
    // A value that is not to be kept must not leave an older one in its place.
    if (entry === undefined) return (await this.#remove([id])) === DONE;
    this.#family.supersede(id);
    if (skipped.has(localName)) this.#local.delete(id);
    else this.#set.add(this.#family.keepLocally(id, entry, stack.certificate.epoch));
    if (payload === undefined) return true;
    const announce = this.#family.announcementOf("gone", [id]);
    if (skipped.size === 0) return tierWrite.write({ key, entry }, payload, { tiers: stack.remotes, announce });
    const [without, into] = [true, false].map((skip) => stack.remotes.filter(({ name }) => skipped.has(name) === skip));
    const done = await Promise.all([
      tierWrite.write({ key, entry }, payload, { tiers: into ?? [], announce }),
      tierWrite.remove([key], announce, without ?? []),
    ]);
    return done.every(Boolean);
  }

  #isSet(id: string): boolean {
    const entry = this.#local.get(id);
    return entry !== undefined && this.#set.has(entry);
  }

  #drop(id: string): void {
    this.#family.supersede(id);
    this.#local.delete(id);
  }
}
