import type { Ms } from "../contracts/clock.ts";
import { areSameTokens } from "../entry/frame.ts";
import { isSettled, prolonged } from "../entry/freshness.ts";
import { revisionOf } from "../entry/placeholder.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Family } from "../write/family.ts";
import type { FoundEntry } from "./frame-reader.ts";
import type { TierQuestion } from "./request.ts";

/** A frame and the tier that has it. */
interface HeldBy {
  readonly tier: RemoteLink;
  readonly frame: Uint8Array;
}

/** A frame that has answered, and whom. */
export interface AnsweringFrame<V> extends HeldBy {
  readonly question: TierQuestion<V>;
  readonly now: Ms;
}

/** Where lives slide: prolongs what a remote tier has answered a read with, there and in the tiers behind it. */
export class Prolonging<V> {
  readonly #family: Family<V>;

  constructor(family: Family<V>) {
    this.#family = family;
  }

  /**
   * What is found, with the life that it has from now on, for the tiers above; the tier that has it and those behind are told
   * of that. Returns what was found as it is where its life is not to be prolonged.
   *
   * @param depth - How many remote tiers lie above the one that has it.
   */
  lasting(found: FoundEntry<V>, place: AnsweringFrame<V>, depth: number): FoundEntry<V> {
    const { stack, rules, name: namespace } = this.#family;
    if (!rules.sliding) return found;
    const { question, now } = place;
    const { flight, key } = question;
    const slides = !flight.superseded && !flight.tiers.passesBy && stack.lifetime.isOpen;
    const entry = slides && !isSettled(found.entry, now) ? prolonged(found.entry, now, rules) : undefined;
    if (entry === undefined) return found;
    this.#family.observe({ type: "renewed", namespace });
    const lasting = { ...found, entry };
    void this.#renew(key, lasting, place);
    const behind = stack.remotes.slice(depth + 1);
    if (behind.length > 0) stack.lifetime.track(this.#renewBehind(question, lasting, behind));
    return lasting;
  }

  async #renewBehind(
    { key, tags, flight }: TierQuestion<V>,
    found: FoundEntry<V>,
    tiers: readonly RemoteLink[],
  ): Promise<void> {
    const { lookups, tierWrite } = this.#family;
    // The one that is answered is out of the reach of writes before this has ended.
    const footing = this.#family.tags.footing(tags);
    const behind = lookups.beginApart(flight.id, { footing, refreshes: true });
    const frames = await tierWrite.framesOf(key, tiers);
    lookups.landed(behind);
    // Meanwhile the key may have been written or removed here.
    if (behind.superseded) return;
    // What belongs to something else may have been invalidated, and what was found has not.
    const alike = [...frames].filter(([, { tokens }]) => areSameTokens(tokens, found.tokens));
    await Promise.all(alike.map(([tier, { frame }]) => this.#renew(key, found, { tier, frame })));
  }

  /** Nothing that was written or removed meanwhile is brought back, by a tier that can see to that. */
  async #renew(key: string, { entry, tokens, payload }: FoundEntry<V>, { tier, frame }: HeldBy): Promise<void> {
    const { tierWrite, name: namespace } = this.#family;
    if (tier.canRenew) return void (await tierWrite.renew({ key, entry }, frame, tier));
    const revision = revisionOf(frame);
    try {
      const keyed = { key, entry, generation: tokens.generation };
      await tierWrite.supply(keyed, payload ?? this.#family.codec.payloadOf(entry.value, key, entry), {
        tiers: [tier],
        rights: { take: () => revision && { revision, isLease: false } },
        lost: () => {},
        announce: undefined,
      });
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }
}
