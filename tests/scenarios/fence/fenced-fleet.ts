import { type Cache, type CacheOptions, createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import {
  type ChaosTier,
  chaos,
  type ManualClock,
  type MemoryServer,
  manualClock,
  memoryServer,
  type RecordingObserver,
  recordingObserver,
} from "@tiercache/testing";

/** Processes that share one server with a fence and a bus; each has a connection of its own, whose faults a test decides. */
export class FencedFleet {
  readonly clock: ManualClock = manualClock();
  readonly observer: RecordingObserver = recordingObserver();
  readonly server: MemoryServer = memoryServer({ clock: this.clock });

  /** One more process. Without a word on it, it believes the bus without proof, so that time need not pass. */
  process(options: Partial<CacheOptions> = {}): { readonly cache: Cache; readonly tier: ChaosTier } {
    const { clock, observer } = this;
    const tier = chaos(this.server.tier());
    const horizonMs = Number.POSITIVE_INFINITY;
    const cache = createCache({ tiers: [lru(), tier], clock, observer, ttlMs: minutes(10), horizonMs, ...options });
    return { cache, tier };
  }

  /** Lets everything run that waits for no reply and no timer. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }
}
