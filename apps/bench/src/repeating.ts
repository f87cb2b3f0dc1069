import type { Contender } from "./comparison.ts";

/** Does something over and over, and keeps what came of it last: nothing is left out because nobody looks at it. */
export function repeating(name: string, once: () => unknown): Contender {
  let last: unknown;
  return {
    name,
    async run(times) {
      for (let time = 0; time < times; time++) last = once();
      if (last === undefined) throw new Error("The benchmark made nothing.");
    },
  };
}
