import { type Cache, type CacheOptions, createCache } from "@tiercache/core";
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
import { givenTokens } from "../given-tokens.ts";

/** The cache of one process over a local tier and two remote ones, `near` and `far`, each with a time of its own. */
export class ThreeTiers {
  readonly clock: ManualClock = manualClock();
  readonly observer: RecordingObserver = recordingObserver();
  readonly near: ChaosTier = chaos(
    givenTokens(memoryTier({ clock: this.clock, name: "near", epochMs: 9_000_000 }), "user", "text"),
  );
  readonly far: ChaosTier = chaos(
    givenTokens(memoryTier({ clock: this.clock, name: "far", epochMs: 5_000 }), "user", "text"),
  );

  cache(options: Partial<CacheOptions> = {}): Cache {
    const { clock, observer, near, far } = this;
    return createCache({ tiers: [lru(), near, far], clock, observer, ttlMs: 1_000, ...options });
  }

  /** What each remote tier holds of a key, seen by nobody. */
  async held(namespace: string, id: string): Promise<readonly unknown[]> {
    await this.settled();
    const { clock } = this;
    const reads = [this.near, this.far].map((tier) =>
      createCache({ tiers: [tier], clock })
        .namespace(namespace)
        .get(id),
    );
    return Promise.all(reads);
  }

  settled(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
