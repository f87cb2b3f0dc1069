import { type Cache, createCache, seconds } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type ManualClock, manualClock, type RecordingObserver, recordingObserver } from "@tiercache/testing";

/** A process whose cache is its local tier alone, with a time to live of 10 s. */
export class LoneProcess {
  readonly clock: ManualClock = manualClock();
  readonly observer: RecordingObserver = recordingObserver();
  readonly cache: Cache = createCache({
    tiers: [lru()],
    clock: this.clock,
    observer: this.observer,
    ttlMs: seconds(10),
  });
}
