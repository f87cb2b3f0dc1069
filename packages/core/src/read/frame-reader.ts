import type { Entry } from "../contracts/entry.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { Decoded, FramePlace } from "../entry/codec.ts";
import type { FrameTokens } from "../entry/frame.ts";
import { entryOver } from "../entry/freshness.ts";
import { deepFreeze } from "../entry/isolation.ts";
import type { Payload } from "../entry/payload.ts";
import type { Checked } from "../entry/value-check.ts";
import { Deadlines } from "../remote/deadlines.ts";
import type { Family } from "../write/family.ts";

/** The entry that was found in a frame. */
export interface FoundEntry<V> {
  /** Without its stamps. */
  readonly entry: Entry<V>;
  /** What has to be current for it to be believed. */
  readonly tokens: FrameTokens;
  /** Its encoded value, to be copied to other tiers; `undefined` where the value is another by now. */
  readonly payload: Payload | undefined;
  /** Whether migration has made the value, so that the frame is one to be replaced and not prolonged. */
  readonly mended: boolean;
}

/** Bytes that a remote tier returned for a key. */
export interface FoundFrame extends FramePlace {
  readonly frame: Uint8Array;
}

/** A check is not told when it is given up. */
const NOBODY = { abandon: (): void => {} };

/** What was found in frames, in their order. */
export type Entries<V> = readonly (FoundEntry<V> | FrameRejection | undefined)[];

/** Turns what remote tiers return into entries that may be believed. Never throws or rejects, whatever the bytes are. */
export class FrameReader<V> {
  readonly #family: Family<V>;
  /** Of checks. */
  readonly #deadlines: Deadlines;

  constructor(family: Family<V>) {
    this.#family = family;
    this.#deadlines = new Deadlines({ clock: family.stack.clock, deadlineMs: family.rules.hardTimeoutMs });
  }

  /** The entry in each frame, or why it is none; `undefined` for what is no frame. At once where no value has to be checked. */
  entriesIn(frames: readonly (FoundFrame | string | undefined)[]): Entries<V> | Promise<Entries<V>> {
    if (this.#family.valueCheck === undefined) {
      return frames.map((frame) => (typeof frame === "object" ? this.#entryIn(frame) : undefined));
    }
    return Promise.all(
      frames.map(async (frame) => (typeof frame === "object" ? this.#checkedEntryIn(frame) : undefined)),
    );
  }

  #entryIn(found: FoundFrame): FoundEntry<V> | FrameRejection {
    const decoded = this.#family.codec.decoded(found.frame, found);
    return typeof decoded === "string" ? decoded : this.#found(decoded, { value: decoded.value as V, kind: "same" });
  }

  async #checkedEntryIn(found: FoundFrame): Promise<FoundEntry<V> | FrameRejection> {
    const decoded = this.#family.codec.decoded(found.frame, found);
    if (typeof decoded === "string") return decoded;
    const checked = await this.#checkedInTime(decoded);
    return typeof checked === "string" ? checked : this.#found(decoded, checked);
  }

  /** A check that never ends would hold up all readers of the key for ever: it is given as long as a loader is. */
  #checkedInTime({ value, schemaVersion }: Decoded): Promise<Checked<V> | FrameRejection> {
    const { valueCheck } = this.#family;
    const check = async (): Promise<Checked<V> | FrameRejection> =>
      (await valueCheck?.check(value, schemaVersion)) ?? "schema-mismatch";
    return this.#deadlines.within(NOBODY, check).catch(() => "schema-mismatch");
  }

  #found({ lifespan, tokens, payload }: Decoded, { value, kind }: Checked<V>): FoundEntry<V> {
    const { rules } = this.#family;
    // What was decoded is nobody else's yet, so it need not be cloned.
    const kept = rules.isolate === "freeze" ? deepFreeze(value) : value;
    const entry = entryOver(kept, lifespan, rules);
    return { entry, tokens, payload: kind === "same" ? payload : undefined, mended: kind === "mended" };
  }
}
