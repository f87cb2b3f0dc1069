import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender } from "../comparison.ts";
import { answerOf } from "../own-process.ts";
import type { MemoryPerEntry } from "./memory-process.ts";

const HIT = "tiercache, after its first hit";

/** What an entry with a small value takes, as it was kept and after it was first read, with its key. */
export const memory: readonly Case[] = [100_000, 1_000_000].map((entries) => ({
  name: `memory-1e${Math.log10(entries)}`,
  title: `memory of an L1 entry, of ${entries.toLocaleString("en")}`,
  rounds: 0,
  goals: [
    { contender: "tiercache", atMost: 1.5 },
    { contender: HIT, atMost: 1.75 },
  ],
  prepare: (bench) => comparisonOf(bench, entries),
}));

async function comparisonOf(bench: Bench, entries: number): Promise<Comparison> {
  const count = bench.times(entries, 2_000);
  const contenders = bench.patientPeersWith("local").flatMap(({ name }) => {
    const found = inOwnProcess(name, count);
    const kept: Contender = { name, run: async () => ({ "B an entry": (await found()).bytes }) };
    if (name !== "tiercache") return [kept];
    return [kept, { name: HIT, run: async () => ({ "B an entry": (await found()).bytesAfterHit }) }];
  });
  const [floor, ...others] = contenders;
  if (floor === undefined) throw new Error("Nobody has a local tier.");
  return { name: `${count} entries`, timesPerRound: 1, contenders: [floor, ...others] };
}

/** Asked more than once, it answers the same. */
function inOwnProcess(peer: string, entries: number): () => Promise<MemoryPerEntry> {
  const script = new URL("memory-process.ts", import.meta.url);
  const options = { execArgv: ["--expose-gc", "--max-old-space-size=6000"] };
  let found: Promise<MemoryPerEntry> | undefined;
  return () => (found ??= answerOf<MemoryPerEntry>(script, [peer, `${entries}`], options));
}
