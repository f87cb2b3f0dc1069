import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { LocalSpace } from "../contracts/tier.ts";
import { newEntry } from "../entry/freshness.ts";
import { type EntryRules, rulesOf } from "../entry/rules.ts";
import { CacheError } from "../errors.ts";
import { lifetimeMs, type OptionRule } from "../option-rules.ts";
import type { Family } from "./family.ts";
import type { Retraction } from "./retraction.ts";
import { tierNamesRule, tiersNamed } from "./tier-names.ts";

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

const REMOVAL: Retraction = { keepsStale: false, holdOffMs: 0 };

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
  async set(values: readonly (readonly [id: string, value: V])[], options?: WriteOptions): Promise<WriteResult> {
    const { name, rules, stack } = this.#family;
    const owner = `${name}.set`;
    const own = options?.ttlMs === undefined ? rules : rulesOf(owner, { ttlMs: options.ttlMs }, rules);
    const skipped = tiersNamed(`${owner}.skipWriting`, options?.skipWriting, stack);
    const prepared = values.map(([id, value]) => this.#prepared(id, value, own));
    const put = await Promise.all(prepared.map((one) => this.#put(one, skipped)));
    return put.every(Boolean) ? DONE : QUEUED;
  }

  /**
   * Takes keys, or their freshness, out of every tier, with one call to each remote one, and from every running load the
   * right to bring them back.
   */
  async remove(ids: readonly string[], { keepsStale, holdOffMs }: Retraction = REMOVAL): Promise<WriteResult> {
    const { tierWrite, holdOffs, stack } = this.#family;
    const keys = ids.map((id) => this.#family.remoteKey(id));
    const what = keepsStale ? "stale" : "gone";
    for (const id of ids) {
      this.#family.retract(id, what);
      if (holdOffMs > 0) holdOffs.begin(id, holdOffMs);
    }
    if (!tierWrite.needed || keys.length === 0) return DONE;
    const at = stack.clock.now();
    const leaves = holdOffMs > 0 ? ({ kind: "tombstone", at, holdOffMs } as const) : ({ kind: "stale", at } as const);
    const removed = await tierWrite.remove(keys, {
      announce: this.#family.announcementOf(what, ids),
      leaves: keepsStale || holdOffMs > 0 ? leaves : undefined,
      // Between the first drop and the remote removal another read may have fetched the old value from there. A value that
      // was set meanwhile is newer than the removal.
      followed: () => {
        for (const id of ids) if (!this.#isSet(id)) this.#family.retract(id, what);
      },
    });
    return removed ? DONE : QUEUED;
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
    if (entry === undefined) return (await this.remove([id])) === DONE;
    this.#family.supersede(id);
    if (skipped.has(localName)) this.#local.delete(id);
    else this.#set.add(this.#family.keepLocally(id, entry, stack.certificate.epoch));
    if (payload === undefined) return true;
    const announce = this.#family.announcementOf("gone", [id]);
    if (skipped.size === 0) return tierWrite.write({ key, entry }, payload, { tiers: stack.remotes, announce });
    const into = stack.remotes.filter(({ name }) => !skipped.has(name));
    const without = stack.remotes.filter(({ name }) => skipped.has(name));
    const written = into.length === 0 || (await tierWrite.write({ key, entry }, payload, { tiers: into, announce }));
    if (without.length === 0) return written;
    // As with any removal: what was found until now in the tiers that have followed must not be copied into these.
    const followed = (): void => this.#family.supersede(id);
    if (into.length > 0) followed();
    return (await tierWrite.remove([key], { tiers: without, announce, followed })) && written;
  }

  #isSet(id: string): boolean {
    const entry = this.#local.get(id);
    return entry !== undefined && this.#set.has(entry);
  }
}
