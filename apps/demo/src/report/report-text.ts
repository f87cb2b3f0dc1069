import type { Claim } from "./claim.ts";
import type { DayReport } from "./day-run.ts";
import { bytes, count, percent } from "./figures.ts";
import type { ScenarioReport } from "./measurement.ts";
import type { MemoryReport } from "./memory.ts";
import { inWords } from "./namespace-words.ts";
import type { Report } from "./report.ts";
import { scenarioNotes, scenarioTable } from "./scenario-table.ts";
import { table } from "./table.ts";

/** What is known first. */
export type ScenariosPart = Pick<Report, "seed" | "zipfExponent" | "instances" | "remoteTier" | "scenarios">;

/** What the requests were, and the scenarios. */
export function scenariosText(report: ScenariosPart): string {
  return [
    preface(report),
    "",
    scenarioTable(report.scenarios),
    "",
    ...scenarioNotes,
    ...callNotes(report.scenarios),
  ].join("\n");
}

function preface({ seed, zipfExponent, instances, remoteTier }: ScenariosPart): string {
  const tiers = remoteTier === null ? "L1 alone: no Redis was to be had" : `L1 in each, L2 is ${remoteTier}`;
  const fleet = instances === 1 ? "one instance" : `${instances} instances`;
  return `Requests by Zipf's law, exponent ${zipfExponent}, seed ${seed}; ${fleet}; ${tiers}.`;
}

function callNotes(scenarios: readonly ScenarioReport[]): string[] {
  return scenarios.flatMap(({ name, measurements }) => {
    const own = measurements.at(-1);
    if (own === undefined) return [];
    const { tableReads, queries, providerCalls, textsEmbedded } = own.calls;
    const texts = `provider calls ${count(providerCalls)} (texts ${count(textsEmbedded)})`;
    return `${name}, ${own.configuration}: table reads ${count(tableReads)}, queries ${count(queries)}, ${texts}`;
  });
}

/** All that follows the scenarios. */
export function afterScenariosText({ days, claims, memory }: Report): string {
  return [daysText(days), claimsText(claims), memoryText(memory)].filter((part) => part !== "").join("\n\n");
}

/** How often the namespaces with a target answered, with each law. */
function daysText(days: readonly DayReport[]): string {
  const [first] = days;
  if (first === undefined) return "";
  const laws = days.map(({ zipfExponent }) => `exponent ${zipfExponent}`);
  const rows = first.targets.map(({ namespace, target, reads, fillingHitRate }) => {
    const rates = days.map(({ targets }) => {
      const own = targets.find((one) => one.namespace === namespace);
      if (own === undefined || own.hitRate === null) return "–";
      return `${percent(own.hitRate)}${own.isMet ? "" : " BELOW"}`;
    });
    const filling = fillingHitRate === null ? "–" : percent(fillingHitRate);
    return [inWords(namespace), percent(target), count(reads), filling, ...rates];
  });
  const columns = [
    { heading: "namespace", lean: "left" as const },
    ...["target", "reads", "while filling", ...laws].map((heading) => ({ heading })),
  ];
  const visits = `${count(first.visits)} visits, ${count(first.requests)} requests`;
  return [
    `All namespaces together, ${visits}: hit rates of the second half, beside the targets.`,
    "",
    table(columns, rows),
    "",
    `While filling: the first half with exponent ${first.zipfExponent}, whose caches were empty at first but for the embeddings, made when the texts came in.`,
  ].join("\n");
}

/** The users' own numbers beside what was measured. */
function claimsText(claims: readonly Claim[]): string {
  if (claims.length === 0) return "";
  const columns = ["what the users asked for", "wanted", "measured", "holds"].map((heading) => ({
    heading,
    lean: "left" as const,
  }));
  return table(
    columns,
    claims.map(({ what, wanted, measured, holds }) => [
      what,
      wanted,
      measured,
      holds === null ? "–" : holds ? "yes" : "NO",
    ]),
  );
}

/** What the remote tier holds after a day. */
function memoryText(memory: MemoryReport | null): string {
  if (memory === null || memory.length === 0) return "";
  const columns = [
    { heading: "in Redis after a day", lean: "left" as const },
    ...["keys", "bytes a key", "together"].map((heading) => ({ heading })),
  ];
  const rows = memory.map(({ namespace, keys, bytesPerKey }) => [
    namespace,
    count(keys),
    count(Math.round(bytesPerKey)),
    bytes(keys * bytesPerKey),
  ]);
  return [
    table(columns, rows),
    "",
    "Keys are counted; bytes are the mean of up to 50 samples of MEMORY USAGE a namespace.",
  ].join("\n");
}
