import { type Cache, createCache, type HeldLock, type RemoteTier, type Tiers } from "@tiercache/core";
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

/** Lets everything run that waits for no time. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** Work that goes on until a test ends it. */
export class Work {
  readonly #end = Promise.withResolvers<string>();
  readonly #begun = Promise.withResolvers<HeldLock>();

  /** The lock under which it has begun. */
  get begun(): Promise<HeldLock> {
    return this.#begun.promise;
  }

  readonly run = (lock: HeldLock): Promise<string> => {
    this.#begun.resolve(lock);
    return this.#end.promise;
  };

  end(result: string): void {
    this.#end.resolve(result);
  }

  fail(error: Error): void {
    this.#end.reject(error);
  }
}

export interface LockingProcess {
  readonly cache: Cache;
  readonly tier: ChaosTier;
  readonly observer: RecordingObserver;
}

/** Processes with a tier each on one server. */
export class Lockers {
  readonly clock: ManualClock = manualClock();
  readonly server: MemoryServer = memoryServer({ clock: this.clock });

  /** One more process, the faults of its tier and what its observer was told. */
  process(change: (tier: RemoteTier) => RemoteTier = (tier) => tier): LockingProcess {
    const tier = chaos(change(this.server.tier()));
    const observer = recordingObserver();
    return { cache: this.cache([tier], observer), tier, observer };
  }

  cache(tiers: Tiers, observer: RecordingObserver = recordingObserver()): Cache {
    return createCache({ tiers, clock: this.clock, observer });
  }

  /** Moves the time on in small steps, and lets what that brings about happen. */
  async passes(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      this.clock.advance(Math.min(10, ms - passed));
      await settled();
    }
  }
}
