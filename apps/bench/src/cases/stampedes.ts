import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender } from "../comparison.ts";
import { OwnProcess } from "../own-process.ts";
import type { Peer } from "../peers/peer.ts";
import type { Burst, BurstEnd } from "./stampede-process.ts";

const LOADER_MS = 50;
const CALLERS = 250;

/** Many callers who ask for the same cold keys at once, with a loader of 50 ms. */
export const stampedes: readonly Case[] = [
  {
    name: "stampede-1",
    title: `stampede: ${CALLERS} callers in one process, one cold key`,
    rounds: 5,
    goals: [{ contender: "tiercache", figure: "loads a key", atMost: 1 }],
    prepare: (bench) => comparisonOf(bench, { processes: 1, keys: 1 }),
  },
  {
    name: "stampede-4",
    title: `stampede: four processes, ${CALLERS} callers each, 100 cold keys`,
    rounds: 5,
    goals: [
      { contender: "tiercache", figure: "loads a key", atMost: 1 },
      { contender: "tiercache", atMost: 2 },
    ],
    prepare: (bench) => comparisonOf(bench, { processes: bench.effort.name === "smoke" ? 2 : 4, keys: 100 }),
  },
];

interface Stampede {
  readonly processes: number;
  readonly keys: number;
}

async function comparisonOf(bench: Bench, stampede: Stampede): Promise<Comparison> {
  const loader: Contender = { name: "the loader alone", run: async () => ({ ms: LOADER_MS, "loads a key": 1 }) };
  const contenders: Contender[] = [];
  for (const peer of bench.patientPeersWith("both")) contenders.push(await contender(bench, peer, stampede));
  return { name: "stampede", timesPerRound: 1, contenders: [loader, ...contenders] };
}

async function contender(bench: Bench, peer: Peer, { processes, keys }: Stampede): Promise<Contender> {
  const script = new URL("stampede-process.ts", import.meta.url);
  const args = [peer.name, bench.url, bench.newName()];
  const workers = Array.from({ length: processes }, () => new OwnProcess(script, args));
  for (const worker of workers) bench.onClose(() => worker.end());
  await Promise.all(workers.map((worker) => worker.answer()));
  let round = 0;
  const run = async (): Promise<{ readonly ms: number; readonly "loads a key": number }> => {
    const burst: Burst = { round: ++round, keys, callers: CALLERS, loaderMs: LOADER_MS, startAt: Date.now() + 30 };
    const ends = await Promise.all(workers.map((worker) => worker.answer<BurstEnd>(burst)));
    const loads = ends.reduce((sum, end) => sum + end.loads, 0);
    return { ms: Math.max(...ends.map(({ ms }) => ms)), "loads a key": loads / keys };
  };
  return { name: peer.name, run };
}
