import type { Attributes } from "@opentelemetry/api";
import type { ObservableName } from "./instruments.ts";

/** One number of one instrument. */
export interface Sum {
  readonly name: ObservableName;
  readonly attributes: Attributes;
  value: number;
}

/** Numbers by instrument and attributes, of which those of several caches make one. */
export class Sums {
  readonly #sums = new Map<string, Sum>();

  /** @param value - `undefined` is nothing. */
  add(name: ObservableName, value: number | undefined, attributes: Attributes): void {
    if (value === undefined) return;
    const place = `${name} ${Object.values(attributes).join(" ")}`;
    const sum = this.#sums.get(place);
    if (sum === undefined) this.#sums.set(place, { name, attributes, value });
    // Of what is no sum the worst is shown.
    else if (name === "cache.bus.certificate.age") sum.value = Math.max(sum.value, value);
    else if (name === "cache.target.met") sum.value = Math.min(sum.value, value);
    else sum.value += value;
  }

  [Symbol.iterator](): Iterator<Sum> {
    return this.#sums.values();
  }
}
