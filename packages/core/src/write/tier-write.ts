import type { Entry } from "../contracts/entry.ts";
import type { Token } from "../contracts/stamp.ts";
import type { EntryCodec } from "../entry/codec.ts";
import type { FrameTokens } from "../entry/frame.ts";
import { remainingMs } from "../entry/freshness.ts";
import type { Payload } from "../entry/payload.ts";
import type { OutgoingFrame } from "../remote/outgoing.ts";
import type { RemoteLink } from "../remote/remote-link.ts";
import type { Remains } from "../remote/removal.ts";
import type { Stack } from "../stack.ts";
import { Overtaking } from "./overtaking.ts";
import type { Right, Sightings } from "./sightings.ts";

/** An entry and where it belongs. */
export interface KeyedEntry {
  readonly key: string;
  readonly entry: Entry<unknown>;
  /** The generation that it belongs to. */
  readonly generation: Token;
}

/** A frame as a tier has it. */
export interface HeldFrame {
  readonly frame: Uint8Array;
  readonly tokens: FrameTokens;
}

/** Where an explicit write goes, and how it is announced. */
export interface WritePlan {
  readonly tiers: readonly RemoteLink[];
  readonly announce: string | undefined;
  /** Called where a tier has something of a higher version; `undefined` for what has none. */
  readonly outranked?: (() => void) | undefined;
}

/** Who is to forget keys, and who hears of it. */
export interface RemovalPlan {
  /** Nearest first. @defaultValue all */
  readonly tiers?: readonly RemoteLink[];
  readonly announce: string | undefined;
  /** What is to be left in their place, by a tier that can. @defaultValue nothing */
  readonly leaves?: Remains | undefined;
  /** Called after each tier, before any nearer one is told: whatever was found in that tier until now is old. */
  readonly followed: () => void;
}

/** Where a loaded value goes, and by which rights. */
export interface FillPlan {
  readonly tiers: readonly RemoteLink[];
  /** What there is of rights to fill fenced tiers, which are made use of. */
  readonly rights: Pick<Sightings, "take">;
  /** Hears of a right of which nobody knows what has become: the tier has not answered. */
  lost(right: Right): void;
  /** Announced where somebody waits for the key. */
  readonly announce: string | undefined;
}

/**
 * Puts entries into remote tiers and takes them out: the only place that does. Never rejects; each call tells how far
 * it got.
 */
export class TierWrite {
  readonly #stack: Stack;
  readonly #codec: EntryCodec;
  readonly #namespace: string;
  readonly #overtaking = new Overtaking();

  /** @param namespace - Whose entries they are. */
  constructor(stack: Stack, codec: EntryCodec, namespace: string) {
    this.#stack = stack;
    this.#codec = codec;
    this.#namespace = namespace;
  }

  /** Whether there is any remote tier, so that encoding a value is of use. */
  get needed(): boolean {
    return this.#stack.remotes.length > 0;
  }

  /**
   * Writes an entry to all the given tiers, in place of whatever they have; resolves to whether all have it. A tier that
   * does not is going to forget the key, as what it has is older. Tiers with a bus come last: who hears of the change finds
   * it done everywhere.
   *
   * @param payload - The entry's encoded value.
   */
  async write(keyed: KeyedEntry, payload: Payload, { tiers, announce, outranked }: WritePlan): Promise<boolean> {
    if (tiers.length === this.#stack.remotes.length) this.#overtaking.wrote(keyed.key);
    const frame = this.#outgoing(keyed, payload, outranked);
    const put = async (tier: RemoteLink): Promise<boolean> => {
      const own = tier.hasBus ? announce : undefined;
      const written = await tier.write(frame, own);
      tier.replaced({ keys: [keyed.key], announce: own, namespace: this.#namespace }, written);
      return written;
    };
    return inOrder(tiers, put);
  }

  /**
   * Gives an entry that was loaded or found to tiers that lack it: to a fenced one only in the place of what the right says.
   * Resolves to the names of those that refused it, as the key was written or removed meanwhile.
   */
  supply(keyed: KeyedEntry, payload: Payload, plan: FillPlan): Promise<readonly string[]> {
    const { tiers } = plan;
    const frame = this.#outgoing(keyed, payload);
    const [tier] = tiers;
    if (tier !== undefined && tiers.length === 1) return this.#put(frame, tier, plan).then(named);
    return Promise.all(tiers.map((each) => this.#put(frame, each, plan))).then((refused) => refused.flatMap(named));
  }

  /** Resolves to the name of the tier if it has refused the frame. */
  #put(frame: OutgoingFrame, tier: RemoteLink, plan: FillPlan): Promise<string | undefined> {
    if (!tier.isFenced) return tier.write(frame).then(nothing);
    const right = plan.rights.take(tier.name);
    if (right === undefined) return Promise.resolve(undefined);
    return tier.commit(frame, right.revision, plan.announce).then((end) => {
      if (end === "failed") plan.lost(right);
      return end === "refused" ? tier.name : undefined;
    });
  }

  /**
   * Gives the frame that a tier was seen to hold the instants of an entry, unless it holds another one by now. Only for a
   * tier that {@link RemoteLink.canRenew}.
   */
  renew({ key, entry }: Omit<KeyedEntry, "generation">, frame: Uint8Array, tier: RemoteLink): Promise<boolean> {
    return tier.renew({
      key,
      frame,
      remainingMs: () => remainingMs(entry, this.#stack.clock.now()),
      header: (shiftMs) => this.#codec.renewedHeader(frame, entry, shiftMs),
    });
  }

  /**
   * What each of these tiers has under a key, if it is a frame of this namespace and version that was not invalidated. A
   * tier that fails has nothing.
   */
  async framesOf(key: string, tiers: readonly RemoteLink[]): Promise<ReadonlyMap<RemoteLink, HeldFrame>> {
    const answers = await Promise.all(tiers.map((tier) => tier.read([key])));
    const frames = new Map<RemoteLink, HeldFrame>();
    for (const [index, tier] of tiers.entries()) {
      const answer = answers[index];
      const frame = answer === "unreachable" ? answer : answer?.[0];
      const shiftMs = tier.shiftMs();
      if (typeof frame !== "object" || shiftMs === undefined) continue;
      const decoded = this.#codec.decoded(frame, { key, shiftMs });
      if (typeof decoded === "string" || decoded.lifespan.invalidated) continue;
      frames.set(tier, { frame, tokens: decoded.tokens });
    }
    return frames;
  }

  /**
   * Removes keys from remote tiers; resolves to whether none of these has them any longer. One that cannot be told now is
   * told as soon as it can be, and not read before.
   *
   * The farthest comes first, and a nearer one only when that has followed: a read that finds nothing in the nearer one
   * would copy into it what the farther one still has, and there it would stay. For the same reason the nearer ones are told
   * once more after one that could only be told late. With one tier there is nothing to wait for and no second call.
   */
  async remove(
    keys: readonly string[],
    { tiers = this.#stack.remotes, announce, leaves, followed }: RemovalPlan,
  ): Promise<boolean> {
    const began = this.#overtaking.began();
    const namespace = this.#namespace;
    let isDone = true;
    for (const tier of inRemovalOrder(tiers)) {
      const remaining = this.#overtaking.remaining(keys, began);
      if (remaining.length === 0) break;
      const upToHere = tiers.slice(0, tiers.indexOf(tier) + 1);
      const again = (): void => void this.remove(remaining, { tiers: upToHere, announce, leaves, followed });
      const late = upToHere.length > 1 ? again : undefined;
      const own = tier.hasBus ? announce : undefined;
      const done = await tier.remove({ keys: remaining, announce: own, namespace, leaves, late });
      followed();
      isDone &&= done;
    }
    this.#overtaking.ended();
    return isDone;
  }

  #outgoing({ key, entry, generation }: KeyedEntry, payload: Payload, outranked?: () => void): OutgoingFrame {
    return {
      key,
      outranked,
      remainingMs: () => remainingMs(entry, this.#stack.clock.now()),
      bytes: (shiftMs) => this.#codec.frame(entry, payload, { key, shiftMs, generation }),
    };
  }
}

/** First all tiers that cannot announce, together, then those that do. Resolves to whether all have followed. */
async function inOrder(tiers: readonly RemoteLink[], tell: (tier: RemoteLink) => Promise<boolean>): Promise<boolean> {
  const silent = tiers.filter(({ hasBus }) => !hasBus);
  const told = silent.length === 0 ? [] : await Promise.all(silent.map(tell));
  const announced = await Promise.all(tiers.filter(({ hasBus }) => hasBus).map(tell));
  return [...told, ...announced].every(Boolean);
}

/**
 * Farthest first. Who hears of a removal must find it done everywhere, so a tier with a bus is told once more, and announces
 * once more, after a nearer one that cannot announce.
 */
function inRemovalOrder(tiers: readonly RemoteLink[]): readonly RemoteLink[] {
  if (tiers.length === 1) return tiers;
  const early = tiers.filter(({ hasBus }, index) => hasBus && tiers.slice(0, index).some((nearer) => !nearer.hasBus));
  return [...tiers.toReversed(), ...early.toReversed()];
}

const NONE: readonly string[] = [];

function named(tier: string | undefined): readonly string[] {
  return tier === undefined ? NONE : [tier];
}

function nothing(): undefined {
  return undefined;
}
