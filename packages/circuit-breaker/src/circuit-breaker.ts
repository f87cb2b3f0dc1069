import {
  type AttemptContext,
  type BreakerPolicy,
  type BreakerState,
  CacheError,
  Circuit,
  FailureRun,
  type Operation,
  systemClock,
} from "@tiercache/core";
import {
  type CheckedOptions,
  type CircuitBreakerEvent,
  type CircuitBreakerOptions,
  checkedOptions,
} from "./circuit-breaker-options.ts";
import { FailureRate } from "./failure-rate.ts";

/** Hears how one call has ended. The first word counts. */
interface CallEnd {
  good(): void;
  bad(isLate: boolean): void;
  /** Nobody waited for the end, which so says nothing. */
  left(): void;
}

/** A policy that stops trying what keeps failing. Made by {@link circuitBreaker}. */
export class CircuitBreaker implements BreakerPolicy {
  /** What a cache asks when it stands in a `guard`. */
  readonly breaker: Circuit;
  readonly #options: CheckedOptions;
  #hasWarned = false;

  /** @internal */
  constructor(options: CheckedOptions) {
    const { clock = systemClock, failures, failureRate } = options;
    const judge = failureRate === undefined ? new FailureRun(failures) : new FailureRate(failureRate);
    this.#options = options;
    this.breaker = new Circuit({ ...options, clock, judge });
    this.breaker.onChange((change) => this.#observe({ type: "changed", ...change }));
  }

  get state(): BreakerState {
    return this.breaker.state;
  }

  /** Opens it until {@link release}: nothing is called, whatever happens. */
  isolate(): void {
    this.breaker.isolate();
  }

  /** Ends {@link isolate}. It is probed before it closes. */
  release(): void {
    this.breaker.release();
  }

  /** Opens it by hand, as failures would: it is probed when its time is over. */
  open(): void {
    this.breaker.open();
  }

  /**
   * Makes an attempt unless it is open.
   *
   * @throws (rejects) What the attempt throws; `BREAKER_OPEN` for a call that is refused.
   */
  async execute<T>(
    attempt: (context: AttemptContext) => PromiseLike<T> | T,
    signal: AbortSignal = new AbortController().signal,
    operation?: Operation,
  ): Promise<T> {
    const end = this.#begun();
    if (end === undefined) {
      this.#observe({ type: "refused", operation });
      throw new CacheError(
        "BREAKER_OPEN",
        `A circuit breaker is ${this.state}: ${operation?.target ?? "it"} was not called.`,
      );
    }
    const onAbort = (): void => {
      // Given up at a deadline without an answer, or by a caller who has left.
      if (isDeadline(signal.reason)) end.bad(true);
      else end.left();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    try {
      const answer = await attempt({ signal });
      end.good();
      return answer;
    } catch (error) {
      if (this.#options.isFailure?.(error) ?? true) end.bad(isDeadline(error));
      else end.good();
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** `undefined` for a call that is not to be made. */
  #begun(): CallEnd | undefined {
    const { breaker } = this;
    if (breaker.state !== "closed") {
      if (!breaker.probe()) return undefined;
      return firstOf((isGood) => {
        if (isGood === undefined) breaker.forgetProbe();
        else breaker.probed(isGood);
      });
    }
    const call = breaker.begin();
    return firstOf((isGood, isLate) => {
      if (isGood === undefined) breaker.forget(call);
      else if (isGood) breaker.succeeded(call);
      else breaker.failed(call, isLate);
    });
  }

  #observe(event: CircuitBreakerEvent): void {
    try {
      this.#options.observe?.(event);
    } catch (error) {
      if (this.#hasWarned) return;
      this.#hasWarned = true;
      const name = error instanceof Error ? error.name : typeof error;
      process.emitWarning(`An observer of a tiercache circuit breaker threw (${name}) and is ignored where it does.`);
    }
  }
}

function firstOf(tell: (isGood: boolean | undefined, isLate: boolean) => void): CallEnd {
  let isTold = false;
  const once = (isGood: boolean | undefined, isLate: boolean): void => {
    if (!isTold) tell(isGood, isLate);
    isTold = true;
  };
  return {
    good: () => once(true, false),
    bad: (isLate) => once(false, isLate),
    left: () => once(undefined, false),
  };
}

/** Whether an error says that the time for an answer is over: one of ours, of `AbortSignal.timeout`, or of cockatiel's timeout. */
function isDeadline(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, name, isTaskCancelledError } = error as {
    code?: unknown;
    name?: unknown;
    isTaskCancelledError?: unknown;
  };
  return code === "TIER_TIMEOUT" || code === "LOAD_TIMEOUT" || name === "TimeoutError" || isTaskCancelledError === true;
}

/**
 * Makes a circuit breaker: a policy for `guard` and `guardLoader` of `@tiercache/core`, or to be used by itself through
 * {@link CircuitBreaker.execute}. It keeps no timer: an open one notices that its time is over when it is called next.
 *
 * @throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { circuitBreaker } from "@tiercache/circuit-breaker";
 * import { isCacheError } from "@tiercache/core";
 *
 * const breaker = circuitBreaker({ failures: 2 });
 * const down = () => Promise.reject(new Error("down"));
 * const said: string[] = [];
 * for (let call = 0; call < 3; call++) {
 *   await breaker.execute(down).catch((error) => said.push(isCacheError(error) ? error.code : error.message));
 * }
 * console.log(said.join()); // "down,down,BREAKER_OPEN"
 * console.log(breaker.state); // "open"
 * ```
 */
export function circuitBreaker(options?: CircuitBreakerOptions): CircuitBreaker {
  return new CircuitBreaker(checkedOptions(options));
}
