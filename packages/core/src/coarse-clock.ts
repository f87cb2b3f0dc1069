import { type Clock, idle, type Ms, systemClock } from "./contracts/clock.ts";
import { finiteMs, invalidOption } from "./option-rules.ts";

/**
 * A clock that looks at the time every few milliseconds instead of on every hit, which takes most of what is left of a
 * hit's cost. Its timer runs only while somebody asks for the time, and never keeps the process alive.
 *
 * It is behind by up to its resolution, and for as long as the event loop is blocked: values may be served that much
 * longer. Timers of the cache are as exact as with the {@link systemClock}.
 *
 * @param resolutionMs - How often it looks, in ms; above 0 and finite. @defaultValue 5
 * @throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { coarseClock, createCache } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * const cache = createCache({ tiers: [lru()], clock: coarseClock(10) });
 * const users = cache.namespace("user", { load: (id) => ({ id }) });
 * console.log((await users.get("7")).id); // 7
 * await cache.close();
 * ```
 */
export function coarseClock(resolutionMs: Ms = 5): Clock {
  if (!finiteMs.accepts(resolutionMs)) throw invalidOption("The resolution of coarseClock", resolutionMs, finiteMs);
  return new CoarseClock(resolutionMs);
}

class CoarseClock implements Clock {
  readonly #resolutionMs: Ms;
  #timer: NodeJS.Timeout | undefined;
  #now: Ms = 0;
  #asked = false;

  constructor(resolutionMs: Ms) {
    this.#resolutionMs = resolutionMs;
  }

  now(): Ms {
    this.#asked = true;
    return this.#timer === undefined ? this.#wake() : this.#now;
  }

  after(delayMs: Ms, task: () => void): () => void {
    return systemClock.after(delayMs, task);
  }

  afterIdle(delayMs: Ms, task: () => void): () => void {
    return idle(systemClock).after(delayMs, task);
  }

  #wake(): Ms {
    this.#timer = setInterval(() => this.#look(), this.#resolutionMs).unref();
    this.#now = systemClock.now();
    return this.#now;
  }

  #look(): void {
    this.#now = systemClock.now();
    if (!this.#asked) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#asked = false;
  }
}
