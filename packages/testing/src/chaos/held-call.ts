import type { ChaosCall, ChaosOperation } from "./chaos-operation.ts";

/**
 * Where a held call waits. `"request"`: before the tier sees it, so that it takes effect only once released.
 * `"reply"`: after the tier has done it, so that it has taken effect and only the answer is late.
 */
export type HoldPoint = "request" | "reply";

/** A call to a remote tier that waits for a test to let it go on. */
export class HeldCall implements ChaosCall {
  readonly operation: ChaosOperation;
  readonly keys: readonly string[];
  readonly text: string | undefined;
  readonly point: HoldPoint;
  /** Settles when the test has decided. */
  readonly decided: Promise<void>;
  /** The call that waits: the same object where it waits at its request and then at its reply. */
  readonly call: ChaosCall;
  readonly #decide: PromiseWithResolvers<void>;
  readonly #leave: (call: HeldCall) => void;

  /** @internal */
  constructor(call: ChaosCall, point: HoldPoint, leave: (call: HeldCall) => void) {
    this.call = call;
    this.operation = call.operation;
    this.keys = call.keys;
    this.text = call.text;
    this.point = point;
    this.#decide = Promise.withResolvers();
    this.decided = this.#decide.promise;
    this.#leave = leave;
  }

  /** Lets the call go on. */
  release(): void {
    this.#leave(this);
    this.#decide.resolve();
  }

  /** Makes the call fail where it waits: a held request never reaches the tier, of a held reply only the answer is lost. */
  fail(error: Error): void {
    this.#leave(this);
    this.#decide.reject(error);
  }
}
