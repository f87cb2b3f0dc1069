import type { CacheEvent, Observer } from "@tiercache/core";

/** An observer that keeps what it hears. Made by {@link recordingObserver}. */
export class RecordingObserver implements Observer {
  readonly #events: CacheEvent[] = [];

  /** Everything heard so far, oldest first. */
  get events(): readonly CacheEvent[] {
    return this.#events;
  }

  on(event: CacheEvent): void {
    this.#events.push(event);
  }

  /** The number of events of a type. */
  count(type: CacheEvent["type"]): number {
    return this.of(type).length;
  }

  /** The events of a type, oldest first. */
  of<T extends CacheEvent["type"]>(type: T): readonly Extract<CacheEvent, { readonly type: T }>[] {
    return this.#events.filter((event): event is Extract<CacheEvent, { readonly type: T }> => event.type === type);
  }

  /** Forgets what was heard. */
  clear(): void {
    this.#events.length = 0;
  }
}

/**
 * Makes an observer that keeps every event, so that a test can tell what a cache did.
 *
 * @example
 * ```ts
 * import { createCache } from "@tiercache/core";
 * import { manualClock, memoryTier, recordingObserver } from "@tiercache/testing";
 *
 * const observer = recordingObserver();
 * const cache = createCache({ tiers: [memoryTier({ clock: manualClock() })], observer });
 * await cache.namespace("user", { load: (id) => ({ id }) }).get("7");
 * console.log(observer.count("miss"), observer.count("loaded")); // 1 1
 * ```
 */
export function recordingObserver(): RecordingObserver {
  return new RecordingObserver();
}
