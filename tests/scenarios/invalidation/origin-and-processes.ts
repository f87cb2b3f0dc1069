import { createCache, type EntryOptions, type LoadingNamespace, type Ms } from "@tiercache/core";
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

const STEP_MS: Ms = 50;

/** One process with a local tier in front of the server. */
export interface Process {
  readonly values: LoadingNamespace<[id: string], string>;
  readonly tier: ChaosTier;
  readonly observer: RecordingObserver;
  readonly drain: () => Promise<void>;
}

/** Processes that load versions of one origin. */
export class Processes {
  readonly clock: ManualClock = manualClock();
  readonly server: MemoryServer = memoryServer({ clock: this.clock });
  version = 1;
  isFailing = false;
  loads = 0;
  readonly #options: EntryOptions;

  constructor(options: EntryOptions) {
    this.#options = options;
  }

  process(isLocal = true): Process {
    const tier = chaos(this.server.tier());
    const observer = recordingObserver();
    const tiers = isLocal ? ([lru(), tier] as const) : ([tier] as const);
    const cache = createCache({ tiers, clock: this.clock, observer, horizonMs: Number.POSITIVE_INFINITY });
    const load = (): string => {
      this.loads++;
      if (this.isFailing) throw new Error("the origin is away");
      return `v${this.version}`;
    };
    return { values: cache.namespace("value", { load, ...this.#options }), tier, observer, drain: () => cache.drain() };
  }

  /** Lets time pass as it does: little by little, and what is due is done. */
  async passes(ms: Ms): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.clock.advance(STEP_MS);
      await settled();
    }
  }
}

/** Lets announcements arrive. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
