import type { Breaker } from "../contracts/breaker.ts";
import type { Ms } from "../contracts/clock.ts";
import type { Observer, RemoteOperation } from "../contracts/observer.ts";
import type { Shards } from "../contracts/shards.ts";
import { CacheError, isCacheError } from "../errors.ts";
import { LazySignal } from "../lazy-signal.ts";
import type { Around } from "../observers/audience.ts";
import { type Deadline, Deadlines } from "./deadlines.ts";

/** What the calls to a tier need besides it. */
export interface TierCallParts extends Deadline {
  /** The tier's name, for events. */
  readonly name: string;
  readonly observer: Observer | undefined;
  readonly around?: Around | undefined;
  readonly breaker: Breaker;
  /** The tier's own, if it has any. */
  readonly shards?: Shards | undefined;
}

/**
 * How a call has ended: with an answer, or with the code of its failure, which has been told to the observer. One that is `ofShard` speaks
 * against the shard that it went to, and not against the tier.
 */
export type CallEnd<T> = { readonly answer: T } | Failure;

interface Failure {
  readonly failure: string;
  readonly ofShard?: boolean;
}

/** Who is told how a call ends. */
interface Told {
  readonly answered: () => void;
  readonly failed: (error: unknown) => Failure;
}

/** What a call ends with that was not made. */
const REFUSED: Promise<CallEnd<never>> = Promise.resolve(Object.freeze({ failure: "BREAKER_OPEN" }));

/**
 * Makes the calls to one remote tier: each under the deadline, none while the breaker is open, each failure an event. Nothing
 * here ever rejects.
 */
export class TierCalls {
  readonly #parts: TierCallParts;
  readonly #deadlines: Deadlines;

  constructor(parts: TierCallParts) {
    this.#parts = parts;
    this.#deadlines = new Deadlines(parts);
  }

  /** Whether calls are made at present. */
  get areMade(): boolean {
    return this.#parts.breaker.state === "closed";
  }

  /** Whether a call would not be made at present; if so, the observer is told. */
  refuses(operation: RemoteOperation): boolean {
    const { name: tier, observer, breaker } = this.#parts;
    if (breaker.state === "closed" || operation === "close") return false;
    observer?.on({ type: "breaker-refused", tier, operation });
    return true;
  }

  /**
   * Makes one call.
   *
   * @param isCounted - Whether the observer is told how it has ended.
   */
  make<T>(
    operation: RemoteOperation,
    run: (call: LazySignal) => Promise<T>,
    isCounted: boolean = true,
  ): Promise<CallEnd<T>> {
    const { breaker, clock } = this.#parts;
    if (this.refuses(operation)) return REFUSED;
    if (operation === "close") return this.probe(operation, run);
    const call = breaker.begin();
    const startedAt = isCounted ? clock.now() : undefined;
    return this.#attempted(operation, run, {
      answered: () => {
        breaker.succeeded(call);
        this.#tell(operation, "ok", startedAt);
      },
      failed: (error) => {
        const end = this.#failed(operation, error, startedAt);
        if (isRefusal(error) || end.ofShard === true) breaker.succeeded(call);
        else breaker.failed(call, isLate(error));
        return end;
      },
    });
  }

  /** Makes one call whatever the breaker says, and without telling it. */
  probe<T>(operation: RemoteOperation, run: (call: LazySignal) => Promise<T>): Promise<CallEnd<T>> {
    const startedAt = this.#parts.clock.now();
    return this.#attempted(operation, run, {
      answered: () => this.#tell(operation, "ok", startedAt),
      failed: (error) => this.#failed(operation, error, startedAt),
    });
  }

  /** Makes one call; if it is a {@link probe}, in any case. */
  end<T>(operation: RemoteOperation, run: (call: LazySignal) => Promise<T>, isProbe: boolean): Promise<CallEnd<T>> {
    return isProbe ? this.probe(operation, run) : this.make(operation, run);
  }

  /** Makes one call that has no answer but that it was done; if it is a {@link probe}, in any case. */
  did(
    operation: RemoteOperation,
    run: (call: LazySignal) => Promise<void>,
    isProbe: boolean = false,
  ): Promise<boolean> {
    return this.end(operation, run, isProbe).then(isAnswered);
  }

  #attempted<T>(operation: RemoteOperation, run: (call: LazySignal) => Promise<T>, told: Told): Promise<CallEnd<T>> {
    const { name: tier, around } = this.#parts;
    return new Promise((resolve) => {
      const failed = (error: unknown): void => resolve(told.failed(error));
      const answered = (answer: T): void => {
        told.answered();
        resolve({ answer });
      };
      const call = new LazySignal();
      if (around === undefined) this.#deadlines.attempt(call, run, { answered, failed });
      else around({ kind: "remote", tier, operation }, () => this.#deadlines.within(call, run)).then(answered, failed);
    });
  }

  #failed(operation: RemoteOperation, error: unknown, startedAt: Ms | undefined): Failure {
    const failure = this.report(operation, error);
    this.#tell(operation, failure, startedAt);
    return this.#parts.shards?.isAnyThere === true ? { failure, ofShard: true } : { failure };
  }

  /** @param startedAt - `undefined` where the observer is not told. */
  #tell(operation: RemoteOperation, outcome: string, startedAt: Ms | undefined): void {
    const { name: tier, clock, observer } = this.#parts;
    if (observer === undefined || startedAt === undefined) return;
    observer.on({ type: "tier-called", tier, operation, outcome, durationMs: clock.now() - startedAt });
  }

  /** Tells the observer that something was not done for want of the tier's time. */
  reportTimeUnknown(operation: RemoteOperation): void {
    const cause = { code: "TIME_UNKNOWN" };
    this.report(operation, new CacheError("TIER_FAILED", "The time is unknown.", { cause }));
  }

  /** Tells the observer of a failure. Returns its code. */
  report(operation: RemoteOperation, error: unknown): string {
    const { name: tier, observer } = this.#parts;
    const code = codeOf(error);
    observer?.on({ type: "tier-failed", tier, operation, code });
    return code;
  }
}

function isAnswered(end: CallEnd<unknown>): boolean {
  return "answer" in end;
}

/** Whether a call was not answered in time: by the deadline here, or by one of the tier's own client. */
function isLate(error: unknown): boolean {
  return isCacheError(error) && (error.code === "TIER_TIMEOUT" || codeIn(error.cause) === "TIMEOUT");
}

/** Whether a tier that is well has refused this very call: it is full, or does not allow it. */
export function isRefusal(error: unknown): boolean {
  if (!isCacheError(error) || typeof error.cause !== "object" || error.cause === null) return false;
  return "refused" in error.cause && error.cause.refused === true;
}

/**
 * An error's code or name; of a tier's `TIER_FAILED`, the code of its cause. Never a message: a client's may quote the
 * command, and with it keys and values.
 */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) && !isCacheError(error)) return "UNKNOWN";
  const inner =
    isCacheError(error) && error.code === "TIER_FAILED" ? (codeIn(error.cause) ?? error.code) : codeIn(error);
  return inner ?? error.name;
}

function codeIn(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
