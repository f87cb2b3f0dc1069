import { createHistogram, monitorEventLoopDelay } from "node:perf_hooks";

/** Of a hundred turns of an event loop, what all but one take at most. */
export interface DelaysP99 {
  /** By how much they are late. */
  readonly lateMs: number;
  /** What the process itself has computed meanwhile: how late they are where it need not wait for a core. */
  readonly ownMs: number;
}

const EVERY_MS = 10;

/** Looks at the turns of the event loop of this process. */
export class LoopDelays {
  readonly #late = monitorEventLoopDelay({ resolution: EVERY_MS });
  readonly #own = createHistogram();
  #before = process.cpuUsage();

  begin(): void {
    this.#late.enable();
    this.#before = process.cpuUsage();
    setInterval(() => this.#look(), EVERY_MS).unref();
  }

  get p99(): DelaysP99 {
    return { lateMs: this.#late.percentile(99) / 1e6, ownMs: this.#own.percentile(99) / 1e3 };
  }

  #look(): void {
    const { user, system } = process.cpuUsage(this.#before);
    this.#before = process.cpuUsage();
    this.#own.record(Math.max(1, user + system));
  }
}
