import { Bench } from "../bench.ts";
import { casesNamed } from "../cases/cases.ts";
import type { Contender } from "../comparison.ts";
import { type Effort, efforts } from "../effort.ts";
import { tiercache } from "../peers/tiercache.ts";

/** What a side says once it is ready. */
export interface SideReady {
  /** Where its packages are. */
  readonly core: string;
}

/** What a round took: of one time, in ns. */
export interface SideRound {
  readonly ns: number;
}

/* node side-process.ts <url> <case> <effort>: gets one case ready, and does a round of it whenever it is sent anything. */
const [url = "", name = "", effort = "full"] = process.argv.slice(2);
const one = casesNamed([name]).find((each) => each.name === name);
if (one === undefined) throw new Error(`There is no case "${name}".`);
const bench = new Bench(url, efforts[effort as Effort["name"]], [tiercache]);
const { contenders, timesPerRound } = await one.prepare(bench);
const contender: Contender = contenders.find((each) => each.name === "tiercache") ?? contenders[0];
if (contender.wrong !== undefined) throw new Error(`${name}: ${contender.wrong}`);

async function round(): Promise<SideRound> {
  const startedAt = process.hrtime.bigint();
  const figures = await contender.run(timesPerRound);
  const [first = Number(process.hrtime.bigint() - startedAt) / timesPerRound] = Object.values(figures ?? {});
  return { ns: first };
}

process.on("message", () => void round().then((took) => process.send?.(took)));
process.send?.({ core: import.meta.resolve("@tiercache/core") } satisfies SideReady);
