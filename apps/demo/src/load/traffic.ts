import { Worker } from "node:worker_threads";
import type { TrafficOrder, TrafficReport } from "./traffic-order.ts";

/** How the load is at present. */
export interface TrafficState {
  readonly isRunning: boolean;
  /** What was ordered; 0 where nothing runs. */
  readonly orderedPerSecond: number;
  readonly exponent: number;
  /** Measured over the last half second. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Since the load began. */
  readonly requests: number;
  readonly failures: number;
  /** Requests that needed a provider which had failed. */
  readonly unprovided: number;
}

const idle: TrafficState = {
  isRunning: false,
  orderedPerSecond: 0,
  exponent: 1,
  perSecond: 0,
  p50Ms: 0,
  p99Ms: 0,
  requests: 0,
  failures: 0,
  unprovided: 0,
};

/** Sends visitors to the running instances, from a thread of its own. */
export class Traffic implements AsyncDisposable {
  #worker: Worker | undefined;
  #state: TrafficState = idle;

  get state(): TrafficState {
    return this.#state;
  }

  /** Begins, or begins anew with another order. */
  async start(order: TrafficOrder): Promise<void> {
    await this.stop();
    this.#state = { ...idle, isRunning: true, orderedPerSecond: order.perSecond, exponent: order.exponent };
    const worker = new Worker(new URL("./traffic-worker.ts", import.meta.url), { workerData: order });
    worker.on("message", (report: TrafficReport) => this.#take(report));
    // A load that has broken down is one that does not run; the service goes on.
    worker.on("error", () => void this.stop());
    worker.unref();
    this.#worker = worker;
  }

  /** Ends; what was sent is still counted. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#state = { ...this.#state, isRunning: false, orderedPerSecond: 0, perSecond: 0 };
    await worker?.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #take({ forMs, requests, failures, unprovided, p50Ms, p99Ms }: TrafficReport): void {
    if (this.#worker === undefined) return;
    const before = this.#state;
    this.#state = {
      ...this.#state,
      perSecond: forMs > 0 ? (requests / forMs) * 1_000 : 0,
      p50Ms,
      p99Ms,
      requests: before.requests + requests,
      failures: before.failures + failures,
      unprovided: before.unprovided + unprovided,
    };
  }
}
