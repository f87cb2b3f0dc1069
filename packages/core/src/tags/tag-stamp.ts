import type { EpochMs, Ms } from "../contracts/clock.ts";
import type { Stamp, Token } from "../contracts/stamp.ts";
import { MAX_FORMER } from "./token-record.ts";

/** The end of what was deleted: not even a failure brings it back. */
export const GONE: Ms = Number.NEGATIVE_INFINITY;

/** A token as a tier was found to have it. */
export interface FoundToken {
  readonly token: Token;
  /** Until when the tier keeps it, in its own time. */
  readonly expiresAt: EpochMs;
  /** The same in this process's time. */
  readonly keptUntil: Ms;
  /** Those that were invalidated, in this process's time; the latest first. */
  readonly former: readonly { readonly token: Token; readonly endedAt: Ms }[];
}

/** One incarnation of a tag, with what this process has learned of it and of those before it. */
export class TagStamp implements Stamp {
  readonly tag: string;
  isCurrent = true;
  endedAt: Ms = Number.POSITIVE_INFINITY;
  token: Token | undefined;
  /** The epoch of the certificate in which the token was last read. */
  epoch = 0;
  /** Until when the tier keeps the token, in its own time. */
  expiresAt: EpochMs = Number.POSITIVE_INFINITY;
  /** The same in this process's time, or what the tier is being asked for. */
  keptUntil: Ms = Number.POSITIVE_INFINITY;
  /** A count that tells whether it was known before something else. */
  learnedAt: number = Number.POSITIVE_INFINITY;
  /** What a tier was found to have in its place, which may be nothing; `undefined` where it has ended in any other way. */
  replacedBy: TagStamp | undefined;
  /** The invalidated incarnations before this one, the latest first; they are deleted with it. Its successor's, once it has one. */
  #former: TagStamp[];

  constructor(tag: string, former: readonly TagStamp[] = []) {
    this.tag = tag;
    this.#former = former.slice(0, MAX_FORMER);
    // What is remembered no longer cannot be reached by a deletion, and must not outlive it.
    for (const forgotten of former.slice(MAX_FORMER)) forgotten.end(GONE);
  }

  /** The incarnation of before that had a token; `undefined` for one that is not known. */
  formerly(token: Token): TagStamp | undefined {
    return this.#former.find((each) => each.token === token);
  }

  /** What remote tiers are to remember of the incarnations of before, were this one invalidated now. */
  formerTokens(endedAt: Ms): readonly { readonly token: Token; readonly endedAt: Ms }[] {
    const ended = this.#former.flatMap((each) =>
      each.token === undefined || each.endedAt === GONE ? [] : [{ token: each.token, endedAt: each.endedAt }],
    );
    return this.token === undefined ? ended : [{ token: this.token, endedAt }, ...ended].slice(0, MAX_FORMER);
  }

  /** Ends it, and by {@link GONE} all before it too. An earlier end stays. Returns the incarnation after it, of which nothing is known yet. */
  succeeded(endedAt: Ms): TagStamp {
    this.end(endedAt);
    const former = this.#former;
    // Else each incarnation would hold on to the one before, and the last one to all that there ever were.
    this.#former = [];
    if (endedAt !== GONE) return new TagStamp(this.tag, [this, ...former]);
    for (const each of former) each.end(GONE);
    return new TagStamp(this.tag, [this]);
  }

  end(endedAt: Ms): void {
    this.isCurrent = false;
    this.endedAt = Math.min(this.endedAt, endedAt);
  }

  /**
   * Takes over what a tier has of this incarnation.
   *
   * @param knowsAll - Whether the tier remembers every invalidation: what it does not know of was deleted.
   */
  learn({ token, expiresAt, keptUntil, former }: FoundToken, knowsAll: boolean): void {
    this.token = token;
    this.expiresAt = expiresAt;
    this.keptUntil = keptUntil;
    for (const each of this.#former) {
      if (knowsAll && !former.some((known) => known.token === each.token)) each.end(GONE);
    }
    for (const each of former) if (this.formerly(each.token) === undefined) this.#remember(each);
  }

  #remember({ token, endedAt }: FoundToken["former"][number]): void {
    if (this.#former.length >= MAX_FORMER) this.#former.pop()?.end(GONE);
    const stamp = new TagStamp(this.tag);
    stamp.token = token;
    stamp.end(endedAt);
    this.#former.push(stamp);
  }
}
