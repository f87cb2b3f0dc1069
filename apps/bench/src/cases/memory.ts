import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender } from "../comparison.ts";
import { answerOf } from "../own-process.ts";
import type { MemoryPerEntry } from "./memory-process.ts";

/** What an entry with a small value takes, as it was kept and after it was first read, with its key. */
export const memory: readonly Case[] = [100_000, 1_000_000].map((entries) => ({
  name: `memory-1e${Math.log10(entries)}`,
  title: `memory of an L1 entry, of ${entries.toLocaleString("en")}`,
  rounds: 0,
  goals: [
    { contender: "tiercache", atMost: 1.5 },
    { contender: "tiercache, after its first hit", atMost: 1.75 },
  ],
  prepare: (bench) => comparisonOf(bench, entries),
}));

async function comparisonOf(bench: Bench, entries: number): Promise<Comparison> {
  const script = new URL("memory-process.ts", import.meta.url);
  const count = bench.times(entries, 2_000);
  const measured = (peer: string, hit: boolean): Contender => ({
    name: hit ? `${peer}, after its first hit` : peer,
    async run() {
      const options = { execArgv: ["--expose-gc", "--max-old-space-size=6000"] };
      const { bytes } = await answerOf<MemoryPerEntry>(script, [peer, `${count}`, hit ? "hit" : ""], options);
      return { "B an entry": bytes };
    },
  });
  const names = bench.patientPeersWith("local").map(({ name }) => name);
  const [floor = "", ...others] = names;
  const hit = names.includes("tiercache") ? [measured("tiercache", true)] : [];
  return {
    name: `${count} entries`,
    timesPerRound: 1,
    contenders: [measured(floor, false), ...others.map((name) => measured(name, false)), ...hit],
  };
}
