import type { Clock, Ms } from "@tiercache/core";

/** The bytes under one key of a memory server, and when they are gone, by its clock. */
export interface MemoryRecord {
  /** Never changed in place. */
  readonly frame: Uint8Array;
  readonly expiresAt: Ms;
}

/** What a memory server held at one moment. */
export type MemorySnapshot = ReadonlyMap<string, MemoryRecord>;

/** Bytes by key, each for a while. */
export class MemoryStore {
  readonly #clock: Clock;
  #records = new Map<string, MemoryRecord>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The keys held, without the expired ones, in the order they were first written. */
  get keys(): readonly string[] {
    return [...this.#records.keys()].filter((key) => this.get(key) !== undefined);
  }

  get(key: string): Uint8Array | undefined {
    const record = this.#records.get(key);
    if (record === undefined) return undefined;
    if (this.#clock.now() < record.expiresAt) return record.frame;
    this.#records.delete(key);
    return undefined;
  }

  /** Keeps a copy of a frame from now on, for `lifeMs`. */
  set(key: string, frame: Uint8Array, lifeMs: Ms): void {
    this.#records.set(key, { frame: copyOf(frame), expiresAt: this.#clock.now() + lifeMs });
  }

  /** Puts a copy of a frame in the place of another one, for the life that this has left. */
  replace(key: string, frame: Uint8Array): void {
    const record = this.#records.get(key);
    if (record !== undefined) this.#records.set(key, { ...record, frame: copyOf(frame) });
  }

  /** How long a key has left. */
  lifeMs(key: string): Ms {
    return (this.#records.get(key)?.expiresAt ?? 0) - this.#clock.now();
  }

  /** Whether there was anything to delete. */
  delete(key: string): boolean {
    const held = this.get(key) !== undefined;
    this.#records.delete(key);
    return held;
  }

  snapshot(): MemorySnapshot {
    return new Map(this.#records);
  }

  /** Holds from now on what a snapshot holds, and nothing else. */
  restore(snapshot: MemorySnapshot): void {
    this.#records = new Map(snapshot);
  }
}

/** Not `frame.slice()`: a Buffer's makes a view. */
function copyOf(frame: Uint8Array): Uint8Array {
  return new Uint8Array(frame);
}
