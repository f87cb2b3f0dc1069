import type { FrameRejection } from "../contracts/observer.ts";
import type { Found } from "../remote/read-fold.ts";
import { standingsOf } from "../tags/standings.ts";
import type { TokenTrip } from "../tags/token-trip.ts";
import type { Family } from "../write/family.ts";
import { type Entries, type FoundEntry, FrameReader } from "./frame-reader.ts";
import type { Leases } from "./leases.ts";
import type { TierQuestion } from "./request.ts";
import { type Answered, type Asking, TierAnswers, type Unanswered } from "./tier-answers.ts";
import { TierFrames } from "./tier-frames.ts";

/** After so many reads that a tier had nothing for, it is likely to have nothing for the next one either. */
const LIKELY_AFTER = 4;

/** Asks the remote tiers, nearest first, and copies what one of them has into every tier above it. */
export class TierRead<V> {
  readonly #family: Family<V>;
  readonly #lying: TierFrames<V>;
  readonly #frames: FrameReader<V>;
  readonly #answers: TierAnswers<V>;
  readonly #leases: Leases<V> | undefined;
  /** How many reads in a row the nearest tier had nothing for. */
  #missesInRow = 0;

  /** @param leases - Takes a lease of what a fenced tier does not have; `undefined` for reads that are not going to fill it. */
  constructor(family: Family<V>, leases?: Leases<V>) {
    this.#family = family;
    this.#lying = new TierFrames(family, leases);
    this.#frames = new FrameReader(family);
    this.#answers = new TierAnswers(family);
    this.#leases = leases;
  }

  /**
   * Finds the entries of many keys, with one trip to each tier for all that the tiers above it lack. Never rejects.
   *
   * Each flight has `found` the fresh value and where that is, if there is one.
   */
  find(questions: readonly TierQuestion<V>[]): Promise<void> {
    try {
      return this.#found(questions);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #found(questions: readonly TierQuestion<V>[]): Promise<void> {
    const { stack, tags, holdOffs, versions } = this.#family;
    // What is found is going to be held, and to be read by the certificate.
    stack.bus?.need();
    for (const { flight } of questions) if (holdOffs.isActive(flight.id)) flight.tiers.holdOff();
    if (versions !== undefined) for (const { flight } of questions) flight.tiers.raise(versions.minimumOf(flight.id));
    const trip = stack.tags.trip();
    trip.learn(tags.everyNameOf(questions));
    const [nearest] = stack.remotes;
    if (nearest === undefined || !questions.every(({ flight }) => flight.tiers.mayAsk(nearest))) {
      return this.#down(questions, trip);
    }
    // Nearly always the first tier has it, and nothing else is to be waited for.
    return this.#askNearest(questions, { tier: nearest, depth: 0, trip }).then((vacant) =>
      questions.every(isFound) ? this.#end(questions) : this.#down(questions, trip, vacant),
    );
  }

  /**
   * Asks the nearest tier; where it had nothing of late, for leases together with that, which saves a trip. Returns the questions of which
   * it has nothing and that have no lease yet.
   */
  #askNearest(questions: readonly TierQuestion<V>[], asking: Asking): Promise<Unanswered<V>> {
    const { tier, trip } = asking;
    const asked = this.#ask(questions, asking);
    const leases = this.#missesInRow >= LIKELY_AFTER && tier.isFenced && trip.learning === undefined && this.#leases;
    const bid = leases ? leases.bid(tier, questions) : undefined;
    const noted = (vacant: Unanswered<V>): Unanswered<V> => {
      this.#missesInRow = vacant.length === questions.length ? this.#missesInRow + 1 : 0;
      return vacant;
    };
    if (!leases || bid === undefined) return asked.then(noted);
    const holds = ({ flight }: TierQuestion<V>): boolean => flight.tiers.hasLease(tier.name);
    return Promise.all([asked, bid.taken]).then(([vacant, taken]) => {
      const lacking = noted(vacant);
      leases.taken(bid, taken);
      // Who could not be asked for leases is not asked again.
      if (taken === undefined) return [];
      // What the read may have come upon is the flight's own lease: nobody else has one.
      for (const question of questions) if (holds(question)) question.flight.tiers.foreignLease = undefined;
      return lacking.filter((question) => !holds(question));
    });
  }

  /** @param first - What the nearest tier has nothing of, if it has been asked. */
  async #down(questions: readonly TierQuestion<V>[], trip: TokenTrip, first?: Unanswered<V>): Promise<void> {
    const { stack, tags } = this.#family;
    let minting: Promise<unknown> | undefined;
    let missing = questions;
    for (const [depth, tier] of stack.remotes.entries()) {
      const asking = { tier, depth, trip };
      let vacant = depth === 0 ? first : undefined;
      if (vacant === undefined) {
        const asked = missing.filter(({ flight }) => flight.tiers.mayAsk(tier));
        if (asked.length === 0) continue;
        vacant = await this.#ask(asked, asking);
      }
      trip.goesOn();
      missing = missing.filter(isLacking);
      if (missing.length === 0) break;
      if (this.#leases !== undefined && stack.tags.isHome(tier)) {
        if (trip.learning !== undefined) await trip.learning;
        minting = trip.mint(tags.everyNameOf(missing));
      }
      if (vacant.length === 0 || !tier.isFenced || this.#leases === undefined) continue;
      // Whoever was quicker with a lease may have brought the value by now.
      const late = await this.#leases.take(tier, vacant);
      if (late.length === 0) continue;
      await this.#ask(late, asking);
      missing = missing.filter(isLacking);
      if (missing.length === 0) break;
    }
    if (this.#leases !== undefined && missing.length > 0) {
      if (missing.some(({ flight }) => !flight.footing.isKnown)) await trip.learning;
      minting ??= trip.mint(tags.everyNameOf(missing));
      if (minting !== undefined) await minting;
    }
    this.#end(questions);
  }

  #end(questions: readonly TierQuestion<V>[]): void {
    for (const question of questions) if (isFound(question)) this.#leases?.giveUp(question);
  }

  /** Asks one tier. Returns the questions of which it has nothing at all, or nothing that answers or is going to. */
  #ask(asked: readonly TierQuestion<V>[], asking: Asking): Promise<Unanswered<V>> {
    return asking.tier.read(asked.map(({ key }) => key)).then((found) => this.#heard(asked, found, asking));
  }

  /** At once where nothing has to be waited for. */
  #heard(asked: readonly TierQuestion<V>[], found: Found, asking: Asking): Unanswered<V> | Promise<Unanswered<V>> {
    const { tier, trip } = asking;
    const shiftMs = tier.shiftMs();
    // While the tier's time is unknown its frames cannot be judged.
    if (found === "unreachable" || shiftMs === undefined) {
      for (const { flight } of asked) flight.tiers.missed();
      return [];
    }
    const lying = asked.map((question, index) => this.#lying.lying(found[index], question, { tier, shiftMs }));
    const entries = this.#frames.entriesIn(lying);
    const mustWait = entries instanceof Promise || (trip.learning !== undefined && entries.some(isEntry));
    if (mustWait) return this.#waited(entries, { asked, lying }, asking);
    return this.#judged({ asked, lying, entries }, asking);
  }

  async #waited(
    reading: Entries<V> | Promise<Entries<V>>,
    answered: Omit<Answered<V>, "entries">,
    asking: Asking,
  ): Promise<Unanswered<V>> {
    const entries = await reading;
    if (entries.some(isEntry)) await asking.trip.learning;
    return this.#judged({ ...answered, entries }, asking);
  }

  #judged(answered: Answered<V>, asking: Asking): Unanswered<V> | Promise<Unanswered<V>> {
    // What was just read is no older than these flights, which have found nothing yet.
    for (const { flight } of answered.asked) flight.standOn(flight.footing.followed());
    const judging = standingsOf(answered.entries, this.#family.tags.generation, asking.trip);
    if (judging instanceof Promise)
      return judging.then((standings) => this.#answers.taken(answered, standings, asking));
    return this.#answers.taken(answered, judging, asking);
  }
}

function isFound({ flight }: TierQuestion<unknown>): boolean {
  return flight.found !== undefined;
}

function isLacking({ flight }: TierQuestion<unknown>): boolean {
  return flight.found === undefined;
}

function isEntry(found: FoundEntry<unknown> | FrameRejection | undefined): boolean {
  return typeof found === "object";
}
