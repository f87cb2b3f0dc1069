import type { Entry } from "../contracts/entry.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import { isDueAs, isFresh, usefulMs } from "../entry/freshness.ts";
import { revisionOf } from "../entry/placeholder.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import { isUnsure, standingsOf } from "../tags/standings.ts";
import type { Standing, TokenTrip } from "../tags/token-trip.ts";
import type { Find } from "../write/answer.ts";
import type { Family } from "../write/family.ts";
import { CopyUp } from "./copy-up.ts";
import { type FoundEntry, type FoundFrame, FrameReader } from "./frame-reader.ts";
import type { Leases } from "./leases.ts";
import { Prolonging } from "./prolonging.ts";
import type { TierQuestion } from "./request.ts";
import { TierFrames } from "./tier-frames.ts";

/** One tier, and where what it answers goes. */
interface Asking<V> {
  readonly tier: RemoteLink;
  readonly depth: number;
  readonly trip: TokenTrip;
  readonly answers: Map<TierQuestion<V>, Find<V>>;
}

/** Where a frame was found, and by whom. */
interface Place<V> {
  readonly tier: RemoteLink;
  readonly question: TierQuestion<V>;
}

/** A frame that may be replaced, and its entry while that may be of use. */
interface Replaceable<V> {
  readonly frame: Uint8Array;
  readonly entry?: Entry<V> | undefined;
}

/** Asks the remote tiers, nearest first, and copies what one of them has into every tier above it. */
export class TierRead<V> {
  readonly #family: Family<V>;
  readonly #lying: TierFrames<V>;
  readonly #frames: FrameReader<V>;
  readonly #copies: CopyUp<V>;
  readonly #prolonging: Prolonging<V>;
  readonly #leases: Leases<V> | undefined;

  /** @param leases - Takes a lease of what a fenced tier does not have; `undefined` for reads that are not going to fill it. */
  constructor(family: Family<V>, leases?: Leases<V>) {
    this.#family = family;
    this.#lying = new TierFrames(family, leases);
    this.#frames = new FrameReader(family);
    this.#copies = new CopyUp(family);
    this.#prolonging = new Prolonging(family);
    this.#leases = leases;
  }

  /**
   * Finds the entries of many keys, with one trip to each tier for all that the tiers above it lack. Never rejects.
   *
   * @returns One element a question, in order: the fresh value found and where, or `undefined`.
   */
  async find(questions: readonly TierQuestion<V>[]): Promise<(Find<V> | undefined)[]> {
    const { stack, tags, holdOffs, versions } = this.#family;
    const answers = new Map<TierQuestion<V>, Find<V>>();
    // What is found is going to be held, and to be read by the certificate.
    stack.bus?.need();
    for (const { flight } of questions) if (holdOffs.isActive(flight.id)) flight.tiers.holdOff();
    if (versions !== undefined) for (const { flight } of questions) flight.tiers.raise(versions.minimumOf(flight.id));
    const trip = stack.tags.trip();
    trip.learn(tags.everyNameOf(questions));
    let minting: Promise<unknown> | undefined;
    let missing = questions;
    let depth = -1;
    for (const tier of stack.remotes) {
      depth++;
      const asked = missing.filter(({ flight }) => flight.tiers.mayAsk(tier));
      if (asked.length === 0) continue;
      const asking = { tier, depth, trip, answers };
      const vacant = await this.#ask(asked, asking);
      trip.goesOn();
      missing = answers.size === 0 ? missing : missing.filter((question) => !answers.has(question));
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
      missing = missing.filter((question) => !answers.has(question));
      if (missing.length === 0) break;
    }
    if (this.#leases !== undefined && missing.length > 0) {
      if (missing.some(({ flight }) => !flight.footing.isKnown)) await trip.learning;
      minting ??= trip.mint(tags.everyNameOf(missing));
      if (minting !== undefined) await minting;
    }
    for (const question of answers.keys()) this.#leases?.giveUp(question);
    return questions.map((question) => answers.get(question));
  }

  /** Asks one tier. Returns the questions of which it has nothing at all, or nothing that answers or is going to. */
  async #ask(
    asked: readonly TierQuestion<V>[],
    { tier, depth, trip, answers }: Asking<V>,
  ): Promise<readonly TierQuestion<V>[]> {
    const answer = await tier.read(asked.map(({ key }) => key));
    const shiftMs = tier.shiftMs();
    // While the tier's time is unknown its frames cannot be judged.
    if (answer === "unreachable" || shiftMs === undefined) {
      for (const { flight } of asked) flight.tiers.missed();
      return [];
    }
    const frames = asked.map((question, index) => this.#lying.lying(answer[index], question, { tier, shiftMs }));
    const reading = this.#frames.entriesIn(frames.map((frame) => (typeof frame === "object" ? frame : undefined)));
    const entries = reading instanceof Promise ? await reading : reading;
    if (trip.learning !== undefined && entries.some((entry) => typeof entry === "object")) await trip.learning;
    // What was just read is no older than these flights, which have found nothing yet.
    for (const { flight } of asked) flight.standOn(flight.footing.followed());
    const judging = standingsOf(entries, this.#family.tags.generation, trip);
    const standings = judging instanceof Promise ? await judging : judging;
    return asked.filter((question, index) => {
      const [found, frame, standing] = [entries[index], frames[index], standings[index]];
      if (frame === undefined) return true;
      if (typeof frame !== "object" || found === undefined)
        return frame === "no-value" && this.#mayLease(tier, question.flight);
      if (frame.isBehind) this.#foundBehind(found, standing, { frame, tier, question });
      else if (typeof found === "string") this.#reject(found, frame, { tier, question });
      else if (this.#isDoubted(found.entry, tier, question.flight)) this.#permit(frame, tier, question.flight);
      else if (
        this.#stands(found, standing, { frame, tier, question }) &&
        this.#answers(found, frame, { tier, question })
      ) {
        answers.set(question, { entry: found.entry, tier: tier.name });
        const { frame: bytes } = frame;
        this.#copies.copy(question, this.#prolonging.lasting(question, { ...found, depth }, { tier, frame: bytes }));
      }
      return !answers.has(question) && this.#mayLease(tier, question.flight);
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
  #foundBehind(
    found: FoundEntry<V> | FrameRejection,
    standing: Standing | undefined,
    { frame: { frame }, tier, question: { flight } }: Place<V> & { frame: FoundFrame },
  ): void {
    if (typeof found === "string" || typeof standing !== "object" || !("stamps" in standing)) return;
    const { entry } = found;
    const { stack } = this.#family;
    entry.stamps = standing.stamps;
    if (isFresh(entry, stack.clock.now()) || this.#isDoubted(entry, tier, flight)) return;
    const right = flight.tiers.rightTo(tier.name);
    const kept = { frame, expiresAt: entry.expiresAt };
    if (right !== undefined) flight.tiers.permit(tier.name, { ...right, kept });
    flight.tiers.raise(this.#family.versions?.of(entry.value));
    if (!flight.refreshes && !flight.skipsTiers) flight.foundStale({ entry, tier: tier.name });
  }

  #reject(reason: FrameRejection, { frame }: FoundFrame, { tier, question: { flight } }: Place<V>): void {
    this.#family.observe({ type: "frame-rejected", namespace: this.#family.name, tier: tier.name, reason });
    // Two versions that replace each other's frames would both never find one.
    if (reason === "newer-format" || reason === "newer-schema") flight.tiers.leaveAlone(tier.name);
    else this.#permit({ frame }, tier, flight);
  }

  /** Whether an entry belongs to tags that are known; from now on it does so by itself. */
  #stands({ entry }: FoundEntry<V>, standing: Standing | undefined, found: Place<V> & { frame: FoundFrame }): boolean {
    if (standing === "gone") this.#reject("invalidated", found.frame, found);
    if (typeof standing !== "object") return false;
    if (isUnsure(standing)) {
      const { flight } = found.question;
      flight.tiers.missed();
      if (isFresh(entry, this.#family.stack.clock.now())) flight.foundUncertified({ entry, tier: found.tier.name });
      return false;
    }
    if ("stamps" in standing) entry.stamps = standing.stamps;
    return true;
  }

  /** Whether an entry answers; one that is only stale is left with the flight, for want of a better one. */
  #answers({ entry, mended }: FoundEntry<V>, { frame }: FoundFrame, { tier, question: { flight } }: Place<V>): boolean {
    const { stack, rules, versions } = this.#family;
    const now = stack.clock.now();
    // A refresh looks for what another process has loaded meanwhile, not for the value it is to replace.
    const isGood = flight.refreshes ? !isDueAs(flight.stale?.entry, entry, { now, rules }) : isFresh(entry, now);
    const answers = isGood && !flight.skipsTiers;
    if (!answers) {
      const isOfUse = usefulMs(entry, now, rules) > 0;
      flight.tiers.raise(versions?.of(entry.value));
      this.#permit({ frame, entry: isOfUse ? entry : undefined }, tier, flight);
      // A frame that had to be mended is to be replaced, and not to be prolonged as it is.
      if (!mended) flight.tiers.saw(tier.name, { frame, entry });
      if (!flight.refreshes && !flight.skipsTiers) flight.foundStale({ entry, tier: tier.name });
    } else if (!flight.isTold) this.#family.outcomes.hit(entry, tier.name);
    return answers;
  }

  /** What is there may be replaced, if it is still there by then. */
  #permit({ frame, entry }: Replaceable<V>, tier: RemoteLink, flight: TierQuestion<V>["flight"]): void {
    const revision = revisionOf(frame);
    if (!tier.isFenced || revision === undefined) return;
    const kept = entry && { frame, expiresAt: entry.expiresAt };
    flight.tiers.permit(tier.name, { revision, isLease: false, kept });
  }
}
