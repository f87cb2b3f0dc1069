import { type Cache, type CacheOptions, createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import {
  type ChaosTier,
  chaos,
  type ManualClock,
  manualClock,
  memoryTier,
  type RecordingObserver,
  recordingObserver,
} from "@tiercache/testing";

/** Processes that share one remote tier and one clock, and whose faults and timing a test decides. */
export class Fleet {
  readonly clock: ManualClock = manualClock();
  readonly observer: RecordingObserver = recordingObserver();
  readonly shared: ChaosTier = chaos(memoryTier({ clock: this.clock }));

  /** The cache of one more process, with a local tier of its own in front of what all share. */
  process(options: Partial<CacheOptions> = {}): Cache {
    const { clock, observer, shared } = this;
    return createCache({ tiers: [lru(), shared], clock, observer, ttlMs: minutes(1), ...options });
  }

  /** Lets everything run that waits for no reply and no timer. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
