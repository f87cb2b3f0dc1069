import { type Clock, type Ms, systemClock } from "../contracts/clock.ts";
import type { CacheEvent, Observer } from "../contracts/observer.ts";
import { minutes } from "../durations.ts";
import { callable, checkOptions, finiteMs, type OptionRule, objectWith } from "../option-rules.ts";

/** How important a line is. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** How a {@link logObserver} writes. */
export interface LogOptions {
  /** The least important lines that are written. @defaultValue "warn" */
  readonly level?: LogLevel;
  /**
   * For how long, in ms, a line that repeats itself is only counted; above 0 and finite. @defaultValue 60_000 (1 minute)
   */
  readonly everyMs?: Ms;
  /** Writes one line, without a line break. @defaultValue the console's method of the level's name */
  readonly write?: (level: LogLevel, line: string) => void;
  /** @defaultValue the system's */
  readonly clock?: Clock;
}

const LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug"];

const DEFAULT_EVERY_MS = minutes(1);

/** More lines than that are told apart by nobody; a tier whose errors have ever new codes must not fill the memory. */
const MAX_LINES = 1_000;

const optionRules: Readonly<Record<keyof LogOptions, OptionRule>> = {
  level: {
    allowed: '"error", "warn", "info" or "debug"',
    accepts: (value) => (LEVELS as readonly unknown[]).includes(value),
  },
  everyMs: finiteMs,
  write: callable,
  clock: objectWith("a clock", "now", "after"),
};

/** How important each event is; hits, and what else happens all the time, are for debugging. */
const levels: Readonly<Partial<Record<CacheEvent["type"], LogLevel>>> = {
  "tier-failed": "warn",
  "load-failed": "warn",
  "load-timed-out": "warn",
  "frame-rejected": "warn",
  "encode-failed": "warn",
  "bus-message-rejected": "warn",
  "bus-gap": "warn",
  "breaker-changed": "warn",
  "pattern-invalidated": "info",
  "target-missed": "warn",
  "target-met": "info",
  closed: "info",
};

/** What varies from event to event and tells no two kinds of line apart. */
const MEASURES: ReadonlySet<string> = new Set(["type", "durationMs", "ageMs", "hitRate", "keys", "flight"]);

/** A line that was written lately. */
interface Recent {
  readonly level: LogLevel;
  /** When it, or its count, was last written. */
  writtenAt: Ms;
  /** How often it has repeated itself since. */
  repeated: number;
}

/**
 * Makes an observer that writes what happens, one line an event in the form `tiercache tier-failed tier=redis operation=read
 * code=ECONNREFUSED`. The first of equal lines is written at once, those that follow are counted, and the count is written
 * with the next line that comes after `everyMs`: a Redis that is away for a night is a line a minute. No line holds a key, a value or an error's text.
 *
 * @throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { createCache, logObserver } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * const observer = logObserver({ level: "debug", write: (level, line) => console.log(`${level}: ${line}`) });
 * const cache = createCache({ tiers: [lru()], observer });
 * await cache.namespace("user").get("7"); // debug: tiercache miss namespace=user
 * await cache.close(); // info: tiercache closed
 * ```
 */
export function logObserver(options: LogOptions = {}): Observer {
  checkOptions("logObserver", options, optionRules);
  return new LogObserver(options);
}

class LogObserver implements Observer {
  readonly #mostImportant: number;
  readonly #everyMs: Ms;
  readonly #write: (level: LogLevel, line: string) => void;
  readonly #clock: Clock;
  readonly #recent = new Map<string, Recent>();
  /** No count is due before. */
  #dueAt: Ms = Number.POSITIVE_INFINITY;

  constructor({ level = "warn", everyMs = DEFAULT_EVERY_MS, write = toConsole, clock = systemClock }: LogOptions) {
    this.#mostImportant = LEVELS.indexOf(level);
    this.#everyMs = everyMs;
    this.#write = write;
    this.#clock = clock;
  }

  on(event: CacheEvent): void {
    if (event.type === "closed") this.#sumUp(Number.POSITIVE_INFINITY);
    const level = levels[event.type] ?? "debug";
    if (LEVELS.indexOf(level) > this.#mostImportant) return;
    const now = this.#clock.now();
    if (now >= this.#dueAt) this.#sumUp(now);
    const line = lineOf(event);
    const recent = this.#recent.get(line);
    if (recent !== undefined) recent.repeated++;
    else if (this.#recent.size < MAX_LINES) {
      this.#write(level, line);
      this.#recent.set(line, { level, writtenAt: now, repeated: 0 });
      this.#dueAt = Math.min(this.#dueAt, now + this.#everyMs);
    }
  }

  /** Writes the counts that are due. A line that has not repeated itself is new when it comes again. */
  #sumUp(now: Ms): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    for (const [line, recent] of this.#recent) {
      const dueAt = recent.writtenAt + this.#everyMs;
      if (now >= dueAt && recent.repeated === 0) this.#recent.delete(line);
      else if (now >= dueAt) {
        this.#write(recent.level, `${line} repeated=${recent.repeated}`);
        recent.repeated = 0;
        recent.writtenAt = now;
      }
      if (this.#recent.has(line)) this.#dueAt = Math.min(this.#dueAt, recent.writtenAt + this.#everyMs);
    }
  }
}

/** The event's type, then what tells it from others of that type, by name. */
function lineOf(event: CacheEvent): string {
  const parts = Object.entries(event).filter(([name]) => !MEASURES.has(name));
  return ["tiercache", event.type, ...parts.map(([name, value]) => `${name}=${value}`)].join(" ");
}

function toConsole(level: LogLevel, line: string): void {
  console[level](line);
}
