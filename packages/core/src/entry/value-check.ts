import type { FrameRejection } from "../contracts/observer.ts";
import type { Schema } from "../contracts/schema.ts";

/** Mends a value that an earlier version of a namespace wrote, or that its schema refuses. */
export type Migrate<V> = (old: unknown, schemaVersion: number) => V | undefined | PromiseLike<V | undefined>;

/** What a namespace knows of the shape of its values. */
export interface ValueCheckParts<V> {
  readonly schema: Schema<V> | undefined;
  readonly schemaVersion: number;
  readonly migrate: Migrate<V> | undefined;
}

/** A value that has been looked at. */
export interface Checked<V> {
  readonly value: V;
  /**
   * What became of it: it is as it was decoded; the schema may have changed it, so that its bytes must not be handed on;
   * or migration has mended it, so that its frame is one to be replaced.
   */
  readonly kind: "same" | "changed" | "mended";
}

const MISMATCH: FrameRejection = "schema-mismatch";

/** Looks at what a remote tier returned before it is believed: bytes outlive the code that wrote them. */
export class ValueCheck<V> {
  readonly #parts: ValueCheckParts<V>;

  constructor(parts: ValueCheckParts<V>) {
    this.#parts = parts;
  }

  /**
   * What a decoded value is here, or why it is none. `undefined`, the loader's word that there is no value, is one of
   * every version. Never throws or rejects, whatever schema and migration do; if one of them never ends, nor does this.
   */
  async check(value: unknown, schemaVersion: number): Promise<Checked<V> | FrameRejection> {
    if (value === undefined) return { value: value as V, kind: "same" };
    try {
      if (schemaVersion === this.#parts.schemaVersion) {
        const accepted = await this.#accepted(value);
        if (accepted !== undefined) return { value: accepted.value, kind: this.#isSame(value, accepted.value) };
      }
      const mended = await this.#parts.migrate?.(value, schemaVersion);
      const accepted = mended === undefined ? undefined : await this.#accepted(mended);
      return accepted === undefined ? MISMATCH : { value: accepted.value, kind: "mended" };
    } catch {
      return MISMATCH;
    }
  }

  /** A schema may change an object where it is, so that it is the same one and yet another value. */
  #isSame(decoded: unknown, accepted: unknown): Checked<V>["kind"] {
    if (this.#parts.schema === undefined) return "same";
    return accepted === decoded && typeof decoded !== "object" ? "same" : "changed";
  }

  async #accepted(value: unknown): Promise<{ readonly value: V } | undefined> {
    const { schema } = this.#parts;
    if (schema === undefined) return { value: value as V };
    const result = await schema["~standard"].validate(value);
    return result.issues === undefined ? { value: result.value } : undefined;
  }
}
