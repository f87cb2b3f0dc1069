import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";

/** A frame and the entry that was found in it. */
export interface SeenFrame {
  readonly frame: Uint8Array;
  readonly entry: Entry<unknown>;
}

/** Tiers, by name, that a read is to pass by. */
export interface TierSkips {
  /** They are not asked. */
  readonly reading: ReadonlySet<string>;
  /** They are not given what was found or loaded. */
  readonly writing: ReadonlySet<string>;
}

/** The right to put a value into a fenced tier. */
export interface Right {
  /** What the key must still have for it. */
  readonly revision: Uint8Array;
  /** Whether that is a placeholder of this flight's own, which is in the way of others until it is given up. */
  readonly isLease: boolean;
  /** The frame that this is, or that the placeholder lies over, if it may still be of use; else `undefined`. */
  readonly kept?: KeptFrame | undefined;
}

/** A frame that is to lie there again if a load brings nothing, and until when. */
export interface KeptFrame {
  readonly frame: Uint8Array;
  readonly expiresAt: Ms;
}

/** Another process's lease, which a flight has come upon. */
export interface ForeignLease {
  readonly tier: string;
  readonly revision: Uint8Array;
}

/** What a flight has seen in the remote tiers on its way, each by name, and what it may do there. */
export class Sightings {
  readonly #skips: TierSkips | undefined;
  readonly #believesNone: boolean;
  #frames: Map<string, SeenFrame> | undefined;
  #rights: Map<string, Right> | undefined;
  #leftAlone: Set<string> | undefined;
  #isAway = false;
  #isHeldOff = false;
  #isBuried = false;
  #minimum: number | undefined;
  /** The lease of another process, in the nearest tier that has one: its value is worth waiting for. */
  foreignLease: ForeignLease | undefined;

  /** @param believesNone - Whether no tier may answer, so that one is asked only for the right to fill it. */
  constructor(skips: TierSkips | undefined, believesNone: boolean) {
    this.#skips = skips;
    this.#believesNone = believesNone;
  }

  /** A tier has a frame of the key that does not answer. */
  saw(tier: string, seen: SeenFrame): void {
    this.#frames ??= new Map();
    this.#frames.set(tier, seen);
  }

  /** What a tier had when this flight came by. */
  seenIn(tier: string): SeenFrame | undefined {
    return this.#frames?.get(tier);
  }

  /** A tier has what a later version of this namespace wrote: it must not be replaced by what is older. */
  leaveAlone(tier: string): void {
    this.#leftAlone ??= new Set();
    this.#leftAlone.add(tier);
  }

  /** A tier could not be asked. */
  missed(): void {
    this.#isAway = true;
  }

  /** Whether a tier could not be asked: what it has is not known. */
  get someMissed(): boolean {
    return this.#isAway;
  }

  /** Whether its reader wants tiers to be passed by. */
  get passesBy(): boolean {
    return this.#skips !== undefined;
  }

  /** Whether its reader wants a tier not to be asked. */
  isPassedBy(tier: string): boolean {
    return this.#skips?.reading.has(tier) === true;
  }

  /** The key was invalidated so short a while ago that a load may bring what was before: it is not to be kept anywhere. */
  holdOff(): void {
    this.#isHeldOff = true;
  }

  /** As {@link holdOff}, by the word of a tier: what lies beyond it is older. */
  bury(): void {
    this.#isHeldOff = true;
    this.#isBuried = true;
  }

  get isHeldOff(): boolean {
    return this.#isHeldOff;
  }

  /** A tier says, or has a value by which it is known, which version the value must have at least. */
  raise(version: number | undefined): void {
    if (version !== undefined && version > (this.#minimum ?? -1)) this.#minimum = version;
  }

  /** Which version the value must have at least to be kept; `undefined` for any. */
  get minimum(): number | undefined {
    return this.#minimum;
  }

  /** Whether what a tier has may answer. */
  mayRead(tier: string): boolean {
    return !this.#believesNone && !this.isPassedBy(tier);
  }

  /** Whether a tier is to be asked. A load that believes none has to know what it is going to replace, where there is a fence. */
  mayAsk({ name, isFenced }: { readonly name: string; readonly isFenced: boolean }): boolean {
    if (this.#isBuried) return false;
    return this.mayRead(name) || (isFenced && !this.isPassedBy(name));
  }

  /** Whether a tier is to be given what this flight brings, as far as its reader and other versions are concerned. */
  mayFill(tier: string): boolean {
    if (this.#isHeldOff) return false;
    return this.#skips?.writing.has(tier) !== true && this.#leftAlone?.has(tier) !== true;
  }

  /** From now on the flight may fill a fenced tier, if that still has the revision by then. */
  permit(tier: string, right: Right): void {
    this.#rights ??= new Map();
    this.#rights.set(tier, right);
  }

  /** Makes use of a right, which is gone by it. */
  take(tier: string): Right | undefined {
    const right = this.#rights?.get(tier);
    this.#rights?.delete(tier);
    return right;
  }

  /** The right to fill a tier, which is left as it is. */
  rightTo(tier: string): Right | undefined {
    return this.#rights?.get(tier);
  }

  /** Whether it has a lease of a tier. */
  hasLease(tier: string): boolean {
    return this.#rights?.get(tier)?.isLease === true;
  }

  /** A tier has a lease where {@link saw} a frame, which can no longer be prolonged in its place. */
  leased(tier: string, right: Right): void {
    this.#frames?.delete(tier);
    this.permit(tier, right);
  }

  /** Whether it may fill any fenced tier. */
  get hasRights(): boolean {
    return this.#rights !== undefined && this.#rights.size > 0;
  }

  /** The leases that have not been made use of, by tier. */
  get unusedLeases(): readonly (readonly [tier: string, right: Right])[] {
    if (this.#rights === undefined) return [];
    return [...this.#rights].filter(([, { isLease }]) => isLease);
  }
}
