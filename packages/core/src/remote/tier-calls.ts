import type { Observer, RemoteOperation } from "../contracts/observer.ts";
import { isCacheError } from "../errors.ts";
import type { LazySignal } from "../lazy-signal.ts";
import type { Around } from "../observers/audience.ts";
import { attempt, type Deadline } from "./attempt.ts";

/** What the calls to a tier need besides it. */
export interface TierCallParts extends Deadline {
  /** The tier's name, for events. */
  readonly name: string;
  readonly observer: Observer | undefined;
  readonly around?: Around | undefined;
}

/** How a call has ended: with an answer, or with the code of its failure, which has been told to the observer. */
export type CallEnd<T> = { readonly answer: T } | { readonly failure: string };

/** Makes the calls to one remote tier: each under the deadline, each failure an event. Nothing here ever rejects. */
export class TierCalls {
  readonly #parts: TierCallParts;

  constructor(parts: TierCallParts) {
    this.#parts = parts;
  }

  /** Makes one call, and tells the observer how it has ended. */
  async make<T>(operation: RemoteOperation, run: (call: LazySignal) => Promise<T>): Promise<CallEnd<T>> {
    const { name: tier, clock, observer } = this.#parts;
    if (observer === undefined) return this.probe(operation, run);
    const startedAt = clock.now();
    const end = await this.probe(operation, run);
    const outcome = "answer" in end ? "ok" : end.failure;
    observer.on({ type: "tier-called", tier, operation, outcome, durationMs: clock.now() - startedAt });
    return end;
  }

  /** Makes one call that is not counted. */
  async probe<T>(operation: RemoteOperation, run: (call: LazySignal) => Promise<T>): Promise<CallEnd<T>> {
    const { name: tier, around } = this.#parts;
    const call = (): Promise<T> => attempt(this.#parts, run);
    try {
      return { answer: await (around === undefined ? call() : around({ kind: "remote", tier, operation }, call)) };
    } catch (error) {
      return { failure: this.report(operation, error) };
    }
  }

  /** Makes one call that has no answer but that it was done. */
  async did(operation: RemoteOperation, run: (call: LazySignal) => Promise<void>): Promise<boolean> {
    return "answer" in (await this.make(operation, run));
  }

  /** Tells the observer of a failure. Returns its code. */
  report(operation: RemoteOperation, error: unknown): string {
    const { name: tier, observer } = this.#parts;
    const code = codeOf(error);
    observer?.on({ type: "tier-failed", tier, operation, code });
    return code;
  }
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
