import type { Ms } from "../contracts/clock.ts";
import { type FoundToken, GONE, TagStamp } from "./tag-stamp.ts";

/** What a table knows beyond its tags. */
export interface StampTableParts {
  /** The most tags it knows of; of those beyond it, what has not been asked for longest is taken to have ended. */
  readonly maxTags: number;
  /** Whether a tier remembers every invalidation: what it does not know of was deleted. */
  readonly knowsAll: boolean;
}

/** A token as it was read, and when. */
export interface LearnedToken {
  /** `undefined` where the tier has none. */
  readonly found: FoundToken | undefined;
  /** The epoch of the certificate in which the reading began. */
  readonly epoch: number;
}

/** The incarnations of tags that this process knows, one current one a tag. */
export class StampTable {
  readonly #parts: StampTableParts;
  /** In the order in which they were last asked for. */
  readonly #tags = new Map<string, TagStamp>();
  /** Those that are never pushed out, and who wants to hear of their ends. */
  readonly #pinned = new Map<string, { stamp: TagStamp; readonly ended: () => void }>();
  /** The tags that have ended, with the count of ends by then, the latest last. */
  readonly #ended = new Map<string, number>();
  /** Of an end that was counted no later than this one it is not known whose it was. */
  #forgottenEnds = 0;
  #ends = 0;
  #learned = 0;

  constructor(parts: StampTableParts) {
    this.#parts = parts;
  }

  /** The number of tags known. */
  get size(): number {
    return this.#tags.size;
  }

  /** Counts the ends of tags. */
  get ends(): number {
    return this.#ends;
  }

  /** Counts what has been learned of tags: who notes it can tell later what was known by then. */
  get learned(): number {
    return this.#learned;
  }

  /** Keeps the incarnations of a name for ever, and has `ended` called when one of them ends. Not for tags, of which there is no end. */
  pin(name: string, ended: () => void): void {
    this.#pinned.set(name, { stamp: new TagStamp(name), ended });
  }

  /** The current incarnation. */
  of(name: string): TagStamp {
    const pinned = this.#pinned.get(name);
    if (pinned !== undefined) return pinned.stamp;
    const known = this.#tags.get(name) ?? new TagStamp(name);
    // Put last: a Map keeps the order of insertion.
    this.#tags.delete(name);
    this.#tags.set(name, known);
    if (this.#tags.size > this.#parts.maxTags) this.#pushOut();
    return known;
  }

  /** The current incarnation, if there is one that somebody has asked for. */
  known(name: string): TagStamp | undefined {
    return this.#pinned.get(name)?.stamp ?? this.#tags.get(name);
  }

  /** Ends the current incarnation, and with {@link GONE} those before it too. */
  end(name: string, endedAt: Ms): void {
    const ending = this.known(name);
    if (ending !== undefined) this.#replace(ending, endedAt);
    else this.#count(name);
  }

  /** Whether a tag has ended since there were so many ends, or may have. */
  hasEndedSince(name: string, ends: number): boolean {
    return this.#forgottenEnds > ends || (this.#ended.get(name) ?? 0) > ends;
  }

  /**
   * Takes over what was read of an incarnation, unless it has ended since: then what was read is older than that.
   */
  learn(stamp: TagStamp, { found, epoch }: LearnedToken): void {
    if (!stamp.isCurrent) return;
    if (found === undefined) {
      // A token that was lost is never taken for one that holds.
      if (stamp.token !== undefined) stamp.replacedBy = this.#replace(stamp, GONE);
      return;
    }
    if (stamp.token === undefined || stamp.token === found.token) this.#takeOver(stamp, found, epoch);
    else {
      const end = found.former.find(({ token }) => token === stamp.token)?.endedAt ?? GONE;
      const next = this.#replace(stamp, end);
      stamp.replacedBy = next;
      this.#takeOver(next, found, epoch);
    }
  }

  #takeOver(stamp: TagStamp, found: FoundToken, epoch: number): void {
    this.#learned++;
    if (stamp.token === undefined) stamp.learnedAt = this.#learned;
    stamp.learn(found, this.#parts.knowsAll);
    stamp.epoch = epoch;
  }

  #replace(stamp: TagStamp, endedAt: Ms): TagStamp {
    const next = stamp.succeeded(endedAt);
    const pinned = this.#pinned.get(stamp.tag);
    if (pinned === undefined) {
      this.#tags.set(stamp.tag, next);
      this.#count(stamp.tag);
    } else {
      pinned.stamp = next;
      pinned.ended();
    }
    return next;
  }

  #count(name: string): void {
    this.#ends++;
    this.#ended.delete(name);
    this.#ended.set(name, this.#ends);
    const [oldest] = this.#ended;
    if (this.#ended.size <= this.#parts.maxTags || oldest === undefined) return;
    this.#ended.delete(oldest[0]);
    this.#forgottenEnds = oldest[1];
  }

  #pushOut(): void {
    const [oldest] = this.#tags.values();
    if (oldest === undefined) return;
    this.#tags.delete(oldest.tag);
    oldest.succeeded(GONE);
  }
}
