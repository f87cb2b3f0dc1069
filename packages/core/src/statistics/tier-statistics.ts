import type { Clock, Ms } from "../contracts/clock.ts";
import type { CacheEvent, RemoteOperation } from "../contracts/observer.ts";
import type { TierCounts, TierStats, Windowed } from "../contracts/stats.ts";
import { minutes } from "../durations.ts";
import { CounterWindows } from "./counter-windows.ts";
import { LATENCY_BINS, latencyBin, latencySummary } from "./latency-histogram.ts";

/** The place of each counter in the list. */
const CALLS = 0;
const GET_FAILURES = 1;
const SET_FAILURES = 2;
const REFUSED = 3;
const GET_MS = 4;
const SET_MS = GET_MS + LATENCY_BINS;
const COUNTERS = SET_MS + LATENCY_BINS;

/** Which operations are for reading and which for writing. Others are about no value. */
const getting: ReadonlySet<RemoteOperation> = new Set(["read", "acquire", "wait"]);
const setting: ReadonlySet<RemoteOperation> = new Set(["write", "renew", "remove", "commit", "release"]);

/** Counts the calls to one tier. A local tier has none. */
export class TierStatistics {
  readonly #clock: Clock;
  readonly #windows: CounterWindows = new CounterWindows(COUNTERS);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Hears an event of this tier. */
  on(event: CacheEvent): void {
    if (!("operation" in event) || !("tier" in event)) return;
    const { operation } = event;
    const isGet = getting.has(operation);
    if (!isGet && !setting.has(operation)) return;
    const now = this.#clock.now();
    if (event.type === "tier-failed") this.#windows.add(isGet ? GET_FAILURES : SET_FAILURES, 1, now);
    else if (event.type === "breaker-refused") this.#windows.add(REFUSED, 1, now);
    else {
      if (event.outcome === "ok") this.#windows.add(CALLS, 1, now);
      this.#windows.add((isGet ? GET_MS : SET_MS) + latencyBin(event.durationMs), 1, now);
    }
  }

  /** @param hitsIn - The hits of the tier, in all namespaces, in one of the windows. */
  stats(hitsIn: (window: keyof Windowed<unknown>) => number): Omit<TierStats, "kind" | "outboxKeys" | "breaker"> {
    const now = this.#clock.now();
    const counts = (window: keyof Windowed<unknown>, numbers: ArrayLike<number>): TierCounts => ({
      hits: hitsIn(window),
      calls: numbers[CALLS] ?? 0,
      refusedCalls: numbers[REFUSED] ?? 0,
      getFailures: numbers[GET_FAILURES] ?? 0,
      setFailures: numbers[SET_FAILURES] ?? 0,
      getMs: latencySummary(numbers, GET_MS),
      setMs: latencySummary(numbers, SET_MS),
    });
    const last = (windowMs: Ms): ArrayLike<number> => this.#windows.last(windowMs, now);
    return {
      total: counts("total", this.#windows.total),
      last1Min: counts("last1Min", last(minutes(1))),
      last5Min: counts("last5Min", last(minutes(5))),
      last15Min: counts("last15Min", last(minutes(15))),
    };
  }

  /** Begins anew. */
  reset(): void {
    this.#windows.reset();
  }
}
