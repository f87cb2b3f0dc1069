import type { Entry } from "../contracts/entry.ts";
import { isFresh, isSettled } from "../entry/freshness.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Family } from "../write/family.ts";
import { type Answer, answerOf } from "../write/flight.ts";
import type { TierQuestion } from "./request.ts";

/** Asks the remote tiers, nearest first, and copies what one of them has into every tier above it. */
export class TierRead<V> {
  readonly #family: Family<V>;

  constructor(family: Family<V>) {
    this.#family = family;
  }

  /**
   * Finds the entries of many keys, with one trip to each tier for all that the tiers above it lack. Never rejects.
   *
   * @returns One element a question, in order: the fresh value found and where, or `undefined`.
   */
  async find(questions: readonly TierQuestion<V>[]): Promise<(Answer<V> | undefined)[]> {
    const found = new Map<TierQuestion<V>, Answer<V>>();
    let missing = questions;
    for (const [depth, tier] of this.#family.stack.remotes.entries()) {
      const frames = await tier.read(missing.map(({ key }) => key));
      for (const [index, question] of missing.entries()) {
        const frame = frames[index];
        const entry = !frame ? undefined : this.#answerIn(frame, tier, question);
        if (!frame || entry === undefined) continue;
        found.set(question, answerOf(entry, tier.name));
        this.#copyUp(question, { entry, frame, depth });
      }
      missing = missing.filter((question) => !found.has(question));
      if (missing.length === 0) break;
    }
    return questions.map((question) => found.get(question));
  }

  /** The entry in a frame if it answers; one that is only stale is left with the flight, for want of a better one. */
  #answerIn(frame: Uint8Array, tier: RemoteLink, { flight, key }: TierQuestion<V>): Entry<V> | undefined {
    const { stack, rules, name: namespace } = this.#family;
    const shiftMs = tier.shiftMs();
    if (shiftMs === undefined) return undefined;
    const entry = stack.codec.entryIn<V>(frame, { key, shiftMs }, rules);
    if (typeof entry === "string") {
      this.#family.observe({ type: "frame-rejected", namespace, tier: tier.name, reason: entry });
      return undefined;
    }
    const now = stack.clock.now();
    // A refresh looks for what another process has loaded meanwhile, not for the value it is to replace.
    if (flight.refreshes) return isSettled(entry, now) ? entry : undefined;
    if (!isFresh(entry, now)) {
      flight.foundStale({ entry, tier: tier.name });
      return undefined;
    }
    this.#family.observe({ type: "hit", namespace, tier: tier.name });
    return entry;
  }

  /** The entry keeps its instants, so a copy lives no longer than what it was copied from. */
  #copyUp(
    { flight, key }: TierQuestion<V>,
    { entry, frame, depth }: { readonly entry: Entry<V>; readonly frame: Uint8Array; readonly depth: number },
  ): void {
    if (flight.superseded) {
      this.#family.observe({ type: "superseded", namespace: this.#family.name });
      return;
    }
    this.#family.keepLocally(flight.id, entry);
    if (depth === 0) return;
    const { remotes, codec } = this.#family.stack;
    void this.#family.tierWrite.write({ key, entry }, codec.payloadIn(frame), remotes.slice(0, depth));
  }
}
