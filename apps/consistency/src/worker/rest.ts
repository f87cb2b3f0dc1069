import { setTimeout as pause } from "node:timers/promises";
import type { ReadEvent } from "../history/event.ts";
import { ALL_KEYS } from "../key-space.ts";
import { monotonicMs } from "../monotonic.ts";
import type { OperationPlace } from "../operations/operation.ts";
import { readOnce } from "../operations/read.ts";
import type { TappedTier } from "./tapped-tier.ts";

const REST_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;
const READS_AT_ONCE = 24;

/** What a worker does when all faults are over. */
export class Rest {
  readonly #place: OperationPlace;
  readonly #tapped: TappedTier;
  #probes = 0;

  constructor(place: OperationPlace, tapped: TappedTier) {
    this.#place = place;
    this.#tapped = tapped;
  }

  /** Comes back when the server answers and nothing is pending, or when that takes too long. */
  async reached(): Promise<void> {
    const giveUpAt = monotonicMs() + REST_WITHIN_MS;
    // Pending removals have to be told by themselves: nothing is read meanwhile, which would have them told.
    while (this.#tapped.pending > 0 && monotonicMs() < giveUpAt) await pause(LOOK_EVERY_MS);
    const { caches } = this.#place;
    const reads = this.#tapped.reads;
    while (this.#tapped.reads === reads && monotonicMs() < giveUpAt) {
      await caches.of("rest").read(`rest-${this.#place.worker}-${this.#probes++}`);
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Reads every key twice: as anybody would, and then on the server itself. */
  async sweep(): Promise<void> {
    for (const past of [false, true]) {
      const left = [...ALL_KEYS];
      const reader = async (): Promise<void> => {
        for (let key = left.pop(); key !== undefined; key = left.pop()) {
          this.#place.recorder.add(await this.#settledRead(key, past));
        }
      };
      await Promise.all(Array.from({ length: READS_AT_ONCE }, reader));
    }
  }

  /** What is flagged, as it is being refreshed or the server was slow to confirm it, is read again until it is not. */
  async #settledRead(key: string, past: boolean): Promise<Omit<ReadEvent, "process">> {
    const giveUpAt = monotonicMs() + REST_WITHIN_MS;
    for (;;) {
      const event = await readOnce(this.#place, key, { quiet: true, past });
      if (event.stale === undefined || monotonicMs() > giveUpAt) return event;
      await pause(LOOK_EVERY_MS);
    }
  }
}
