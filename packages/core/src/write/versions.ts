import type { Clock, Ms } from "../contracts/clock.ts";
import { hours } from "../durations.ts";
import type { OptionRule } from "../option-rules.ts";

/** How long it is remembered which version a key must have at least, where no value of that version is kept before. */
export const MINIMUM_LIFE_MS: Ms = hours(1);

/** The most keys of which this process remembers that by itself. */
const MAX_MINIMA = 10_000;

/** A version of a value. */
export const versionRule: OptionRule = {
  allowed: "a whole number from 0 to 2^53 - 1",
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};

/**
 * The versions of a namespace's values. Of what was invalidated with a version, a fenced tier tells all processes which one the next
 * value must have at least; what this process itself has invalidated it remembers besides, for tiers that cannot.
 */
export class Versions<V> {
  readonly #versionOf: (value: V) => number | undefined;
  readonly #clock: Clock;
  readonly #minima = new Map<string, { readonly version: number; readonly until: Ms }>();

  constructor(versionOf: (value: V) => number | undefined, clock: Clock) {
    this.#versionOf = versionOf;
    this.#clock = clock;
  }

  /** The version of a value; `undefined` where it has none that is one. Never throws. */
  of(value: V): number | undefined {
    try {
      const version: unknown = this.#versionOf(value);
      return versionRule.accepts(version) ? (version as number) : undefined;
    } catch {
      return undefined;
    }
  }

  /** From now on a key's value must have at least this version. */
  raise(id: string, version: number): void {
    const highest = Math.max(version, this.minimumOf(id) ?? 0);
    this.#minima.delete(id);
    this.#minima.set(id, { version: highest, until: this.#clock.now() + MINIMUM_LIFE_MS });
    const [oldest] = this.#minima.keys();
    if (this.#minima.size > MAX_MINIMA && oldest !== undefined) this.#minima.delete(oldest);
  }

  /** Which version a key's value must have at least, as far as this process has said so itself. */
  minimumOf(id: string): number | undefined {
    const minimum = this.#minima.get(id);
    if (minimum === undefined) return undefined;
    if (this.#clock.now() < minimum.until) return minimum.version;
    this.#minima.delete(id);
    return undefined;
  }

  /** Whether a value is of a lower version than this process knows of, by what it has invalidated or holds. */
  isOutranked(id: string, value: V, held: { readonly value: V } | undefined): boolean {
    const version = this.of(value);
    if (version === undefined) return false;
    const known = held === undefined ? undefined : this.of(held.value);
    return version < Math.max(this.minimumOf(id) ?? 0, known ?? 0);
  }

  /** Whether a value is none that may be kept where one of at least a version is to be. */
  isBelow(value: V, minimum: number | undefined): boolean {
    if (minimum === undefined) return false;
    const version = this.of(value);
    return version === undefined || version < minimum;
  }
}
