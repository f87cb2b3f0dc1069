import type { FrameRejection } from "../contracts/observer.ts";
import { isFresh, isSettled } from "../entry/freshness.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Family } from "../write/family.ts";
import { type Answer, answerOf } from "../write/flight.ts";
import { type FoundEntry, type FoundFrame, FrameReader } from "./frame-reader.ts";
import type { TierQuestion } from "./request.ts";

/** An entry that answers, and how many tiers lie above the one that has it. */
interface DeepFind<V> extends FoundEntry<V> {
  readonly depth: number;
}

/** Asks the remote tiers, nearest first, and copies what one of them has into every tier above it. */
export class TierRead<V> {
  readonly #family: Family<V>;
  readonly #frames: FrameReader<V>;

  constructor(family: Family<V>) {
    this.#family = family;
    this.#frames = new FrameReader(family);
  }

  /**
   * Finds the entries of many keys, with one trip to each tier for all that the tiers above it lack. Never rejects.
   *
   * @returns One element a question, in order: the fresh value found and where, or `undefined`.
   */
  async find(questions: readonly TierQuestion<V>[]): Promise<(Answer<V> | undefined)[]> {
    const answers = new Map<TierQuestion<V>, Answer<V>>();
    let missing = questions;
    for (const [depth, tier] of this.#family.stack.remotes.entries()) {
      const asked = missing.filter(({ flight }) => flight.mayRead(tier.name));
      if (asked.length === 0) continue;
      const frames = await this.#framesIn(tier, asked);
      const entries = await this.#frames.entriesIn(frames);
      for (const [index, question] of asked.entries()) {
        const [found, frame] = [entries[index], frames[index]];
        if (found === undefined || frame === undefined) continue;
        if (typeof found === "string") this.#reject(found, tier, question);
        else if (this.#answers(found, frame, { tier, question })) {
          answers.set(question, answerOf(found.entry, tier.name));
          this.#copyUp(question, { ...found, depth });
        }
      }
      missing = missing.filter((question) => !answers.has(question));
      if (missing.length === 0) break;
    }
    return questions.map((question) => answers.get(question));
  }

  async #framesIn(tier: RemoteLink, asked: readonly TierQuestion<V>[]): Promise<(FoundFrame | undefined)[]> {
    const frames = await tier.read(asked.map(({ key }) => key));
    const shiftMs = tier.shiftMs();
    return asked.map(({ key }, index) => {
      const frame = frames[index];
      // While the tier's time is unknown its frames cannot be judged.
      return frame === undefined || shiftMs === undefined ? undefined : { frame, key, shiftMs };
    });
  }

  #reject(reason: FrameRejection, tier: RemoteLink, { flight }: TierQuestion<V>): void {
    this.#family.observe({ type: "frame-rejected", namespace: this.#family.name, tier: tier.name, reason });
    // Two versions that replace each other's frames would both never find one.
    if (reason === "newer-format" || reason === "newer-schema") flight.leaveAlone(tier.name);
  }

  /** Whether an entry answers; one that is only stale is left with the flight, for want of a better one. */
  #answers(
    { entry, mended }: FoundEntry<V>,
    { frame }: FoundFrame,
    { tier, question: { flight } }: { readonly tier: RemoteLink; readonly question: TierQuestion<V> },
  ): boolean {
    const { stack, name: namespace } = this.#family;
    const now = stack.clock.now();
    // A refresh looks for what another process has loaded meanwhile, not for the value it is to replace.
    const answers = flight.refreshes ? isSettled(entry, now) : isFresh(entry, now);
    if (!answers) {
      // A frame that had to be mended is to be replaced, and not to be prolonged as it is.
      if (!mended) flight.saw(tier.name, { frame, entry });
      if (!flight.refreshes) flight.foundStale({ entry, tier: tier.name });
    } else if (!flight.refreshes) this.#family.observe({ type: "hit", namespace, tier: tier.name });
    return answers;
  }

  /** The entry keeps its instants, so a copy lives no longer than what it was copied from. */
  #copyUp({ flight, key }: TierQuestion<V>, { entry, payload, depth }: DeepFind<V>): void {
    const { stack, codec, tierWrite, localName, name: namespace } = this.#family;
    if (flight.superseded) {
      this.#family.observe({ type: "superseded", namespace });
      return;
    }
    // A tier that was not asked may hold a newer one.
    const takes = (tier: string): boolean => flight.mayRead(tier) && flight.mayFill(tier);
    if (takes(localName)) this.#family.keepLocally(flight.id, entry);
    const above = stack.remotes.slice(0, depth).filter(({ name }) => takes(name));
    if (above.length === 0) return;
    try {
      void tierWrite.write({ key, entry }, payload ?? codec.payloadOf(entry.value, key), above);
    } catch {
      this.#family.observe({ type: "encode-failed", namespace });
    }
  }
}
