import type { Random } from "../random.ts";

const FAST_MS = 20;
const SLOW_MS = 600;
const SLOW_SHARE = 0.1;

/** How far the replica lags behind at most. */
const LAG_MS = 400;

/** A version that a row has had, until when. */
interface FormerVersion {
  readonly version: number;
  readonly until: number;
}

/** Rows that are nothing but a version, which each write raises by one. */
export class RowStore {
  readonly #versions = new Map<string, number>();
  readonly #former = new Map<string, FormerVersion[]>();

  /** A row that nobody has written is of version 1. */
  read(key: string): number {
    return this.#versions.get(key) ?? 1;
  }

  /** As a replica answers: with what the row was up to {@link LAG_MS} ago. */
  readReplica(key: string, now: number): number {
    const seen = this.#former.get(key)?.find(({ until }) => until > now - LAG_MS);
    return seen?.version ?? this.read(key);
  }

  /** @param now - For the replica. */
  write(key: string, now: number): number {
    const former = (this.#former.get(key) ?? []).filter(({ until }) => until > now - LAG_MS);
    this.#former.set(key, [...former, { version: this.read(key), until: now }]);
    const version = this.read(key) + 1;
    this.#versions.set(key, version);
    return version;
  }
}

/** How long an answer to a read is under way, when it is out of date already: mostly a moment, at times very long. */
export function readDelayMs(random: Random): number {
  return random.chance(SLOW_SHARE) ? random.between(0, SLOW_MS) : random.between(0, FAST_MS);
}
