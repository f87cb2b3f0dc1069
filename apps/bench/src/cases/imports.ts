import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender } from "../comparison.ts";
import { answerOf } from "../own-process.ts";

/** How long a process waits for what two tiers need. */
export const imports: readonly Case[] = [
  {
    name: "import",
    title: "import of a set-up with two tiers",
    goals: [{ contender: "tiercache", atMost: 1.15 }],
    prepare: comparisonOf,
  },
];

async function comparisonOf(bench: Bench): Promise<Comparison> {
  const script = new URL("import-process.ts", import.meta.url);
  const contenders = bench.patientPeersWith("remote").map(
    ({ name, modules }): Contender => ({
      name,
      async run() {
        const { ms } = await answerOf<{ readonly ms: number }>(script, modules);
        return { ms };
      },
    }),
  );
  const [floor, ...others] = contenders;
  if (floor === undefined) throw new Error("Nobody takes part.");
  return { name: "import", timesPerRound: 1, contenders: [floor, ...others] };
}
