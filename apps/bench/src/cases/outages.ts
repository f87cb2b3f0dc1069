import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender, Figures } from "../comparison.ts";
import { DEADLINE_MS, type Fault, faults } from "../outage/outage.ts";
import { answerOf } from "../own-process.ts";
import type { Peer } from "../peers/peer.ts";

/** Reads that no local tier can answer, while Redis is away; each peer as it is set up by default. */
export const outages: readonly Case[] = faults.map((fault) => ({
  name: `outage-${fault.name}`,
  title: `Redis ${fault.name} for 3 s, L1 cold: until a read is answered`,
  rounds: 0,
  goals: [
    { contender: "tiercache", figure: "ms (p50)", atMost: 1 },
    { contender: "tiercache", figure: "ms (p99)", atMost: DEADLINE_MS + 10 },
    { contender: "tiercache", figure: "ms (p99 after 200 ms)", atMost: 2 },
  ],
  prepare: (bench) => comparisonOf(bench, fault),
}));

async function comparisonOf(bench: Bench, fault: Fault): Promise<Comparison> {
  const awayMs = bench.effort.name === "smoke" ? 600 : 3_000;
  const idle: Contender = { name: "a turn of the event loop", run: async () => ({ "ms (p50)": 0 }) };
  const script = new URL("outage-process.ts", import.meta.url);
  // Some have much to say of a server that is away.
  const during = ({ name }: Peer): Contender => ({
    name,
    run: () => answerOf<Figures>(script, [name, fault.name, `${awayMs}`], { isQuiet: true }),
  });
  const peers = bench.patientPeersWith("both").map(during);
  // A client that waits for a server until it is back takes its time.
  const [floor = idle, ...others] = bench.effort.name === "smoke" ? [idle, ...peers.slice(1)] : peers;
  return { name: fault.name, timesPerRound: 1, contenders: [floor, ...others] };
}
