import type { Entry } from "../contracts/entry.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { Decoded, FramePlace } from "../entry/codec.ts";
import { entryOver } from "../entry/freshness.ts";
import { deepFreeze } from "../entry/isolation.ts";
import type { Family } from "../write/family.ts";

/** The entry that was found in a frame. */
export interface FoundEntry<V> {
  readonly entry: Entry<V>;
  /** Its encoded value, to be copied to other tiers; `undefined` where the value is another by now. */
  readonly payload: Uint8Array | undefined;
}

/** Bytes that a remote tier returned for a key. */
export interface FoundFrame extends FramePlace {
  readonly frame: Uint8Array;
}

/** Turns what remote tiers return into entries that may be believed. Never throws or rejects, whatever the bytes are. */
export class FrameReader<V> {
  readonly #family: Family<V>;

  constructor(family: Family<V>) {
    this.#family = family;
  }

  /** The entry in each frame, or why it is none; `undefined` for a gap. */
  async entriesIn(
    frames: readonly (FoundFrame | undefined)[],
  ): Promise<readonly (FoundEntry<V> | FrameRejection | undefined)[]> {
    if (this.#family.valueCheck === undefined) return frames.map((frame) => frame && this.#entryIn(frame));
    return Promise.all(frames.map((frame) => frame && this.#checkedEntryIn(frame)));
  }

  #entryIn(found: FoundFrame): FoundEntry<V> | FrameRejection {
    const decoded = this.#family.codec.decoded(found.frame, found);
    return typeof decoded === "string" ? decoded : this.#found(decoded, decoded.value as V, decoded.payload);
  }

  async #checkedEntryIn(found: FoundFrame): Promise<FoundEntry<V> | FrameRejection> {
    const decoded = this.#family.codec.decoded(found.frame, found);
    if (typeof decoded === "string") return decoded;
    const { value, schemaVersion, payload } = decoded;
    const checked = await this.#family.valueCheck?.check(value, schemaVersion);
    if (checked === undefined || typeof checked === "string") return checked ?? "schema-mismatch";
    return this.#found(decoded, checked.value, checked.changed ? undefined : payload);
  }

  #found({ lifespan }: Decoded, value: V, payload: Uint8Array | undefined): FoundEntry<V> {
    const { rules } = this.#family;
    // What was decoded is nobody else's yet, so it need not be cloned.
    const kept = rules.isolate === "freeze" ? deepFreeze(value) : value;
    return { entry: entryOver(kept, lifespan, rules), payload };
  }
}
