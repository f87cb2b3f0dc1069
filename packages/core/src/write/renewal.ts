import type { Entry } from "../contracts/entry.ts";
import type { LocalSpace } from "../contracts/tier.ts";
import { newEntry } from "../entry/freshness.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import { isCurrentStanding, standingsOf } from "../tags/standings.ts";
import type { Family } from "./family.ts";
import type { HeldFrame, KeyedEntry } from "./tier-write.ts";

/** Prolongs the lives of sliding entries. */
export class Renewal<V> {
  readonly #family: Family<V>;
  readonly #local: LocalSpace<V>;
  /** The ids whose renewal is under way. */
  readonly #renewing = new Set<string>();

  constructor(family: Family<V>) {
    this.#family = family;
    this.#local = family.local;
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

  async #renewIfHeld(id: string, held: Entry<V>): Promise<void> {
    const { tierWrite } = this.#family;
    const key = this.#family.remoteKey(id);
    const frames = await this.#currentFramesOf(key);
    // Meanwhile the key may have been written or removed here.
    if (frames.size === 0 || this.#local.get(id) !== held) return;
    const entry = this.#prolong(id, held);
    if (entry === undefined) return;
    const renewals = [...frames].map(([tier, { frame, tokens }]) => {
      if (tier.canRenew) return tierWrite.renew({ key, entry }, frame, tier);
      return this.#writtenWhole({ key, entry, generation: tokens.generation }, tier);
    });
    await Promise.all(renewals);
  }

  /** What remote tiers hold of a key, as far as it has not been invalidated by a tag or with its namespace. */
  async #currentFramesOf(key: string): Promise<ReadonlyMap<RemoteLink, HeldFrame>> {
    const { stack, tags, tierWrite } = this.#family;
    const trip = stack.tags.trip();
    trip.learn([tags.generation]);
    const [frames] = await Promise.all([tierWrite.framesOf(key), trip.learning]);
    const standings = await standingsOf([...frames.values()], tags.generation, trip);
    return new Map([...frames].filter((_, index) => isCurrentStanding(standings[index])));
  }

  async #writtenWhole(keyed: KeyedEntry, tier: RemoteLink): Promise<void> {
    const { codec, tierWrite, name: namespace } = this.#family;
    try {
      const payload = codec.payloadOf(keyed.entry.value, keyed.key);
      await tierWrite.write(keyed, payload, { tiers: [tier], announce: undefined });
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }

  #prolong(id: string, { value, loadMs, etag, stamps }: Entry<V>): Entry<V> | undefined {
    const { stack, rules, name: namespace } = this.#family;
    const entry = newEntry(value, { now: stack.clock.now(), loadMs, etag, stamps }, rules);
    if (entry === undefined) return undefined;
    this.#family.keepLocally(id, entry, stack.certificate.epoch);
    this.#family.observe({ type: "renewed", namespace });
    return entry;
  }
}
