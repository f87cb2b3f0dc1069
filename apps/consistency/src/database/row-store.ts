import type { Random } from "../random.ts";

const FAST_MS = 20;
const SLOW_MS = 600;
const SLOW_SHARE = 0.1;

/** Rows that are nothing but a version, which each write raises by one. */
export class RowStore {
  readonly #versions = new Map<string, number>();

  /** A row that nobody has written is of version 1. */
  read(key: string): number {
    return this.#versions.get(key) ?? 1;
  }

  write(key: string): number {
    const version = this.read(key) + 1;
    this.#versions.set(key, version);
    return version;
  }
}

/** How long an answer to a read is under way, when it is out of date already: mostly a moment, at times very long. */
export function readDelayMs(random: Random): number {
  return random.chance(SLOW_SHARE) ? random.between(0, SLOW_MS) : random.between(0, FAST_MS);
}
