import { setTimeout as delay } from "node:timers/promises";
import { SeededRandom } from "./random.ts";

/** How a started provider behaves. */
export interface ProviderConductOptions {
  /** Waited in every call, in ms. */
  readonly latencyMs: number;
  /** The part of the calls that fail, 0 to 1. */
  readonly failureRate: number;
  /** More than these within a minute are refused; `Infinity` for no limit. */
  readonly callsPerMinute: number;
  /** Of the failures' sequence. `@defaultValue` 1 */
  readonly seed?: number | undefined;
  /** Waits; replaced in tests, so that they need not. `@defaultValue` a timer */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** A monotonic time in ms. `@defaultValue` `performance.now` */
  readonly nowMs?: (() => number) | undefined;
}

/** What may be changed while a provider runs. */
export type ConductChange = Partial<Pick<ProviderConductOptions, "latencyMs" | "failureRate" | "callsPerMinute">>;

/** A call that is not answered. */
export interface ProviderRefusal {
  readonly status: 429 | 503;
  readonly message: string;
  /** In whole seconds. */
  readonly retryAfterSeconds: number;
}

const minuteMs = 60_000;
const overloaded: ProviderRefusal = { status: 503, message: "The service is overloaded", retryAfterSeconds: 1 };

/** The moods of a provider: slow, failing now and then, strict about how often it is called. */
export class ProviderConduct {
  readonly #random: SeededRandom;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #nowMs: () => number;
  readonly #admittedAtMs: number[] = [];
  #rules: Required<ConductChange>;

  /** @throws RangeError naming what is out of its range */
  constructor({ seed = 1, wait, nowMs, ...rules }: ProviderConductOptions) {
    this.#random = new SeededRandom(seed, "failures");
    this.#wait = wait ?? ((ms, signal) => delay(ms, undefined, { signal }));
    this.#nowMs = nowMs ?? (() => performance.now());
    this.#rules = checked(rules);
  }

  /** How it behaves now. */
  get rules(): Required<ConductChange> {
    return this.#rules;
  }

  /** Makes it behave otherwise from now on. @throws RangeError as the constructor does */
  change(rules: ConductChange): void {
    this.#rules = checked({ ...this.#rules, ...rules });
  }

  /** Whether this call is refused, and how; `undefined` where it is served. */
  refusal(): ProviderRefusal | undefined {
    return this.#limited() ?? (this.#random.chance(this.#rules.failureRate) ? overloaded : undefined);
  }

  #limited(): ProviderRefusal | undefined {
    if (this.#rules.callsPerMinute === Number.POSITIVE_INFINITY) return undefined;
    const nowMs = this.#nowMs();
    while ((this.#admittedAtMs[0] ?? nowMs) <= nowMs - minuteMs) this.#admittedAtMs.shift();
    if (this.#admittedAtMs.length >= this.#rules.callsPerMinute) {
      const freeInMs = (this.#admittedAtMs[0] ?? nowMs) + minuteMs - nowMs;
      const retryAfterSeconds = Math.max(1, Math.ceil(freeInMs / 1_000));
      return { status: 429, message: "Too many calls in a minute", retryAfterSeconds };
    }
    this.#admittedAtMs.push(nowMs);
    return undefined;
  }

  /** Waits as long as a call takes. @param extraMs what this one takes longer than others */
  async takeTime(extraMs: number, signal: AbortSignal): Promise<void> {
    await this.#wait(this.#rules.latencyMs + extraMs, signal);
  }
}

function checked(rules: Required<ConductChange>): Required<ConductChange> {
  const { latencyMs, failureRate, callsPerMinute } = rules;
  if (!(latencyMs >= 0 && Number.isFinite(latencyMs))) throw outOf("latencyMs", latencyMs, "0 or more");
  if (!(failureRate >= 0 && failureRate <= 1)) throw outOf("failureRate", failureRate, "from 0 to 1");
  if (!(callsPerMinute >= 0)) throw outOf("callsPerMinute", callsPerMinute, "0 or more");
  return { latencyMs, failureRate, callsPerMinute };
}

function outOf(name: string, value: number, allowed: string): RangeError {
  return new RangeError(`${name} is ${value}; allowed is a number ${allowed}`);
}
