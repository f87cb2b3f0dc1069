import { CacheError } from "@tiercache/core";
import { pathOf, type Step } from "./value-path.ts";

/** Why a value cannot be kept, on its way up from where that was found; each level adds its step. */
export class Refusal extends Error {
  /** From the innermost step to the outermost. */
  readonly #steps: Step[] = [];

  /** @param kind - Completes the sentence "it is …". Never shows content. */
  constructor(kind: string, options?: ErrorOptions) {
    super(kind, options);
    this.name = "Refusal";
  }

  /** What was thrown below a step. Anything else than a refusal comes from the value: a getter's or a proxy's error. */
  static under(step: Step | undefined, thrown: unknown): Refusal {
    const refusal =
      thrown instanceof Refusal ? thrown : new Refusal("something that cannot be read", { cause: thrown });
    if (step !== undefined) refusal.#steps.push(step);
    return refusal;
  }

  toCacheError(): CacheError {
    const path = pathOf(this.#steps.toReversed());
    const options = this.cause === undefined ? undefined : { cause: this.cause };
    return new CacheError("INVALID_VALUE", `msgpack() cannot keep ${path}: it is ${this.message}.`, options);
  }
}
