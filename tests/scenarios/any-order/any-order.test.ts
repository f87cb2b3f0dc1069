import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { World, worldKinds } from "../matrix.ts";
import { histories, rules } from "./step.ts";
import { Trial } from "./trial.ts";

const RUNS = 2_000;
/** Fixed, so that a run is as the one before it. What fails is told with its seed, and made as short as can be. */
const SEED = 20_261_120;

describe.each([
  ["L1", 0],
  ["L2", 1],
  ["L1+L2", 1],
  ["L1+L2+L3", 2],
])("whatever happens in whatever order, with %s", (tiers, remotes) => {
  const kinds = new Map(
    worldKinds.filter(({ title }) => title.startsWith(`${tiers}, `)).map((kind) => [kind.title, kind]),
  );

  test("a read ends, and is given nothing made up, dead, or older than what its process has written", async () => {
    let proved = 0;
    const titles = fc.constantFrom(...kinds.keys());
    const property = fc.asyncProperty(titles, rules, histories(remotes), async (title, rulesOfAll, history) => {
      const kind = kinds.get(title);
      if (kind === undefined) return;
      const trial = new Trial(new World(kind), rulesOfAll);
      await trial.run(history);
      proved += trial.witness.proved;
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
    // Enough of the reads came after a write that they could have missed.
    expect(proved).toBeGreaterThan(RUNS / 2);
  });
});
