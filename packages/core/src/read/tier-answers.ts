import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import { isDueAs, isFresh, usefulMs } from "../entry/freshness.ts";
import { revisionOf } from "../entry/placeholder.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import { isUnsure, type Standings } from "../tags/standings.ts";
import type { Standing, TokenTrip } from "../tags/token-trip.ts";
import type { Family } from "../write/family.ts";
import { CopyUp } from "./copy-up.ts";
import type { Entries, FoundEntry } from "./frame-reader.ts";
import { Prolonging } from "./prolonging.ts";
import type { TierQuestion } from "./request.ts";
import type { LyingFrame } from "./tier-frames.ts";

/** One tier that is asked on a trip. */
export interface Asking {
  readonly tier: RemoteLink;
  readonly depth: number;
  readonly trip: TokenTrip;
}

/** What a tier was asked and has answered. */
export interface Answered<V> {
  readonly asked: readonly TierQuestion<V>[];
  readonly lying: readonly (LyingFrame | string | undefined)[];
  readonly entries: Entries<V>;
}

/** Questions that nothing was found for. */
export type Unanswered<V> = readonly TierQuestion<V>[];

/** A frame as it was found: where, by whom, and when it is judged. */
interface Place<V> {
  readonly tier: RemoteLink;
  readonly question: TierQuestion<V>;
  readonly frame: Uint8Array;
  readonly now: Ms;
}

/** What frames that a tier has answered with are good for: to those who have asked, to the tiers above, and to be replaced. */
export class TierAnswers<V> {
  readonly #family: Family<V>;
  readonly #copies: CopyUp<V>;
  readonly #prolonging: Prolonging<V>;

  constructor(family: Family<V>) {
    this.#family = family;
    this.#copies = new CopyUp(family);
    this.#prolonging = new Prolonging(family);
  }

  /**
   * Gives each question what its frame is good for, and what answers to the tiers above. Returns those of which the tier has nothing at
   * all, or nothing that answers or is going to.
   */
  taken({ asked, lying, entries }: Answered<V>, standings: Standings, { tier, depth }: Asking): Unanswered<V> {
    const now = this.#family.stack.clock.now();
    return asked.filter((question, index) => {
      const [found, frame, standing] = [entries[index], lying[index], standings[index]];
      if (frame === undefined) return true;
      const { flight } = question;
      if (typeof frame !== "object" || found === undefined) return frame === "no-value" && this.#mayLease(tier, flight);
      const place = { tier, question, frame: frame.frame, now };
      if (frame.isBehind) this.#foundBehind(found, standing, place);
      else if (typeof found === "string") this.#reject(found, place);
      else if (this.#isDoubted(found.entry, tier, flight)) this.#permit(place, undefined);
      else if (this.#stands(found, standing, place) && this.#answers(found, place)) {
        flight.foundFresh({ entry: found.entry, tier: tier.name });
        this.#copies.copy(question, this.#prolonging.lasting(found, place, depth), { depth, now });
        return false;
      }
      return this.#mayLease(tier, flight);
    });
  }

  /**
   * Whether a lease is worth taking over what a flight may replace: so that of all processes one loads what has ended for all. A refresh
   * is not waited for by anyone, and what it confirms is prolonged where it lies.
   */
  #mayLease(tier: RemoteLink, { tiers, refreshes, skipsTiers }: TierQuestion<V>["flight"]): boolean {
    return !refreshes && !skipsTiers && tiers.rightTo(tier.name)?.isLease === false;
  }

  /** Whether an entry is not to be believed: it is from before a loss, or of a lower version than its key must have by now. */
  #isDoubted(entry: Entry<V>, tier: RemoteLink, { tiers }: TierQuestion<V>["flight"]): boolean {
    const { stack, versions } = this.#family;
    const isBefore = tier.losses.doubts(entry) || stack.tags.doubts(entry);
    return isBefore || versions?.isBelow(entry.value, tiers.minimum) === true;
  }

  /** What lies behind a placeholder never answers as if it were fresh, but may where a load fails. */
  #foundBehind(found: FoundEntry<V> | FrameRejection, standing: Standing | undefined, place: Place<V>): void {
    if (typeof found === "string" || typeof standing !== "object" || !("stamps" in standing)) return;
    const { frame, tier, question, now } = place;
    const { flight } = question;
    const { entry } = found;
    entry.stamps = standing.stamps;
    if (isFresh(entry, now) || this.#isDoubted(entry, tier, flight)) return;
    const right = flight.tiers.rightTo(tier.name);
    const kept = { frame, expiresAt: entry.expiresAt };
    if (right !== undefined) flight.tiers.permit(tier.name, { ...right, kept });
    flight.tiers.raise(this.#family.versions?.of(entry.value));
    if (!flight.refreshes && !flight.skipsTiers) flight.foundStale({ entry, tier: tier.name });
  }

  #reject(reason: FrameRejection, place: Place<V>): void {
    const { tier, question } = place;
    this.#family.observe({ type: "frame-rejected", namespace: this.#family.name, tier: tier.name, reason });
    // Two versions that replace each other's frames would both never find one.
    if (reason === "newer-format" || reason === "newer-schema") question.flight.tiers.leaveAlone(tier.name);
    else this.#permit(place, undefined);
  }

  /** Whether an entry belongs to tags that are known; from now on it does so by itself. */
  #stands({ entry }: FoundEntry<V>, standing: Standing | undefined, place: Place<V>): boolean {
    if (standing === "gone") this.#reject("invalidated", place);
    if (typeof standing !== "object") return false;
    if (isUnsure(standing)) {
      const { tier, question, now } = place;
      question.flight.tiers.missed();
      if (isFresh(entry, now)) question.flight.foundUncertified({ entry, tier: tier.name });
      return false;
    }
    if ("stamps" in standing) entry.stamps = standing.stamps;
    return true;
  }

  /** Whether an entry answers; one that is only stale is left with the flight, for want of a better one. */
  #answers({ entry, mended }: FoundEntry<V>, place: Place<V>): boolean {
    const { rules, versions, outcomes } = this.#family;
    const { tier, question, frame, now } = place;
    const { flight } = question;
    // A refresh looks for what another process has loaded meanwhile, not for the value it is to replace.
    const isGood = flight.refreshes ? !isDueAs(flight.stale?.entry, entry, { now, rules }) : isFresh(entry, now);
    if (isGood && !flight.skipsTiers) {
      if (!flight.isTold) outcomes.hit(entry, tier.name);
      return true;
    }
    flight.tiers.raise(versions?.of(entry.value));
    this.#permit(place, usefulMs(entry, now, rules) > 0 ? entry : undefined);
    // A frame that had to be mended is to be replaced, and not to be prolonged as it is.
    if (!mended) flight.tiers.saw(tier.name, { frame, entry });
    if (!flight.refreshes && !flight.skipsTiers) flight.foundStale({ entry, tier: tier.name });
    return false;
  }

  /**
   * What is there may be replaced, if it is still there by then.
   *
   * @param entry - What is in it, while that may be of use.
   */
  #permit({ frame, tier, question }: Place<V>, entry: Entry<V> | undefined): void {
    const revision = revisionOf(frame);
    if (!tier.isFenced || revision === undefined) return;
    const kept = entry && { frame, expiresAt: entry.expiresAt };
    question.flight.tiers.permit(tier.name, { revision, isLease: false, kept });
  }
}
