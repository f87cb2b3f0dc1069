import type { Stamp, Token } from "../contracts/stamp.ts";
import type { FrameTokens } from "../entry/frame.ts";
import type { StampTable } from "./stamp-table.ts";
import { GONE, type TagStamp } from "./tag-stamp.ts";
import type { TokenHome } from "./token-home.ts";

/**
 * What becomes of something that was found with tokens:
 *
 * - the stamps of its tags, if it belongs to them, or belonged to one that was invalidated.
 * - `gone`: it belongs to what was deleted, or is unknown.
 * - names, where it cannot be said before these have been read.
 */
export type Standing = { readonly stamps: readonly Stamp[] | undefined } | "gone" | { readonly unsure: string[] };

/** Something that was found with tokens. */
export interface Tokened {
  readonly tokens: FrameTokens;
}

const WITHOUT_TAGS: Standing = Object.freeze({ stamps: undefined });

/** What one trip down the tiers learns of tokens. What it has read itself it believes, and else what the bus vouches for. */
export class TokenTrip {
  readonly #table: StampTable;
  readonly #home: TokenHome | undefined;
  /** What it has read. What equals it was not ended before this trip began. */
  #read: Set<TagStamp> | undefined;
  /** What it has read no earlier than the frames that it is looking at: what differs from it has been ended. */
  #latest: Set<TagStamp> | undefined;
  #legs = 0;
  #learning: Promise<void> | undefined;
  #isAway = false;

  constructor(table: StampTable, home: TokenHome | undefined) {
    this.#table = table;
    this.#home = home;
  }

  /** Whether a token could not be asked for. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Frames are going to be read after tokens have been: they may be of tokens that were made in between. */
  goesOn(): void {
    this.#legs++;
    this.#latest?.clear();
  }

  /** What it has begun to learn; `undefined` where nothing has to be. */
  get learning(): Promise<void> | undefined {
    return this.#learning;
  }

  /** Begins to learn the tokens of names that are not known for sure, together with what else is read in this tick. */
  learn(names: readonly string[]): void {
    let unsure: string[] | undefined;
    for (const name of names) {
      const stamp = this.#table.of(name);
      if (this.#isSure(stamp)) this.#home?.use(stamp);
      else (unsure ??= []).push(name);
    }
    if (unsure !== undefined && this.#home !== undefined) this.#learning = this.#learned(this.#home, unsure);
  }

  /** Reads the tokens of names, whatever is known of them. */
  async read(names: readonly string[]): Promise<void> {
    if (this.#home !== undefined) await this.#learned(this.#home, names);
  }

  /**
   * Makes tokens for the names that were found to have none. To be waited for before something is made under them: a token that comes
   * to lie there only later could belong to what was invalidated in between.
   *
   * @returns `undefined` where there is nothing to wait for.
   */
  mint(names: readonly string[]): Promise<unknown> | undefined {
    const home = this.#home;
    // One that could not be read is not going to give tokens.
    if (home === undefined || this.#isAway) return undefined;
    const lacking = names.filter((name) => this.#table.of(name).token === undefined);
    return lacking.length === 0 ? undefined : home.mint(lacking);
  }

  /** Judges what was found with tokens under a generation of some name; nothing where nothing was found. */
  judged(generation: string, found: readonly (Tokened | string | undefined)[]): readonly (Standing | undefined)[] {
    // What is like the one before, and has no tags, is not looked at again: that is nearly always all of it.
    let plain: Token | undefined;
    return found.map((each) => {
      if (typeof each !== "object") return undefined;
      const { tokens } = each;
      if (tokens.tags === undefined && tokens.generation === plain) return WITHOUT_TAGS;
      const standing = this.#judge(generation, tokens);
      if (standing === WITHOUT_TAGS) plain = tokens.generation;
      return standing;
    });
  }

  #judge(generation: string, { generation: token, tags }: FrameTokens): Standing {
    const unsure: string[] = [];
    const own = this.#standing(generation, token, unsure);
    if (own === "gone") return own;
    if (tags === undefined) return unsure.length > 0 ? { unsure } : WITHOUT_TAGS;
    let stamps: Stamp[] | undefined;
    for (const each of tags) {
      const stamp = this.#standing(each.tag, each.token, unsure);
      if (stamp === "gone") return stamp;
      stamps ??= [];
      if (stamp !== undefined) stamps.push(stamp);
    }
    return unsure.length > 0 ? { unsure } : { stamps };
  }

  #standing(name: string, token: bigint, unsure: string[]): TagStamp | "gone" | undefined {
    const stamp = this.#table.of(name);
    const isSure = this.#isSure(stamp);
    if (isSure && stamp.token === token) {
      this.#home?.use(stamp);
      return stamp;
    }
    // What has ended once never begins again.
    const former = stamp.formerly(token);
    if (former !== undefined) return former.endedAt === GONE ? "gone" : former;
    // The bus vouches that no end was missed, but not that a token was not lost and made anew.
    if (this.#latest?.has(stamp) === true) return "gone";
    // What lies there still has been ended here, whatever it is.
    if (this.#home?.hasEnded(name) === true) return "gone";
    unsure.push(name);
    return undefined;
  }

  #isSure(stamp: TagStamp): boolean {
    return this.#read?.has(stamp) === true || this.#home?.trusts(stamp) === true;
  }

  async #learned(home: TokenHome, names: readonly string[]): Promise<void> {
    const legs = this.#legs;
    const read = await home.read(names);
    if (read === "unreachable") {
      this.#isAway = true;
      return;
    }
    this.#read ??= new Set();
    this.#latest ??= new Set();
    for (const name of names) {
      const stamp = read.get(name);
      if (stamp === "unreachable") this.#isAway = true;
      if (stamp === undefined || stamp === "unreachable") continue;
      this.#read.add(stamp);
      if (legs === this.#legs) this.#latest.add(stamp);
    }
  }
}
