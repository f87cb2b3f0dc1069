import type { Entry } from "../contracts/entry.ts";
import { prolonged } from "../entry/freshness.ts";
import type { Family } from "../write/family.ts";
import { TierRead } from "./tier-read.ts";

/** Where lives slide: what a hit in the local tier sets off. */
export class SlidingHits<V> {
  readonly #family: Family<V>;
  readonly #tierRead: TierRead<V>;
  /** The ids whose renewal is under way. */
  readonly #renewing = new Set<string>();

  constructor(family: Family<V>) {
    this.#family = family;
    this.#tierRead = new TierRead(family);
  }

  /**
   * Prolongs the life of a sliding entry from now on. Where there are remote tiers, one of them must still have the key:
   * another process may have removed it, and a session that was ended must not live on because it is used. What that tier
   * has is what is held from then on.
   *
   * @param held - A fresh entry, as the local tier holds it.
   */
  renew(id: string, held: Entry<V>): void {
    const { stack, tierWrite } = this.#family;
    if (!tierWrite.needed) this.#prolong(id, held);
    else if (!this.#renewing.has(id) && stack.lifetime.isOpen) {
      this.#renewing.add(id);
      stack.lifetime.track(this.#askBehind(id, held).finally(() => this.#renewing.delete(id)));
    }
  }

  #prolong(id: string, held: Entry<V>): void {
    const { stack, rules, name: namespace } = this.#family;
    const entry = prolonged(held, stack.clock.now(), rules);
    if (entry === undefined) return;
    this.#family.keepLocally({ id, epoch: stack.certificate.epoch }, entry);
    this.#family.observe({ type: "renewed", namespace });
  }

  /** A read that a remote tier answers prolongs by itself. A write of the key ends that, as it does for any other read. */
  async #askBehind(id: string, held: Entry<V>): Promise<void> {
    const { lookups } = this.#family;
    const tags = held.stamps?.map(({ tag }) => tag);
    const flight = lookups.beginApart(id, { footing: this.#family.tags.footing(tags), refreshes: true });
    await this.#tierRead.find([{ key: this.#family.remoteKey(id), tags, flight }]);
    lookups.succeed(flight, { value: undefined, origin: undefined });
    lookups.landed(flight);
  }
}
