import { peers } from "../peers/peers.ts";
import { CPU_NS, type Measurement } from "../rounds.ts";
import { figureText, ratioText, rounded } from "./figure-text.ts";
import { goalText } from "./goal-results.ts";
import type { CaseResult, Report } from "./report.ts";

const peerNames: ReadonlySet<string> = new Set(peers.map(({ name }) => name));

/** What no cell has room for. */
const hidden: ReadonlySet<string> = new Set(["packages", CPU_NS]);

/** A whole report in Markdown: what it was made on, the goals, everybody beside the floor, and what only concerns ourselves. */
export function markdownOf(report: Report): string {
  const [shared, own] = [report.results.filter(isOfPeers), report.results.filter((result) => !isOfPeers(result))];
  const parts = [
    environmentText(report),
    goalTable(report.results),
    matrixOf(shared),
    wrongList(shared),
    ownTable(own),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function environmentText({ environment, effort, results }: Report): string {
  const { date, machine, node, server, versions, noise } = environment;
  const spreads = results.flatMap(({ measurements }) => measurements.map(({ spread }) => spread));
  const usual = spreads.filter(Number.isFinite).toSorted((a, b) => a - b)[Math.floor(spreads.length / 2)] ?? 0;
  return [
    `${date}, ${effort} run on ${machine}; Node ${node.slice(1)}, ${server}.`,
    `Noise: the same work took ${rounded(noise.fastTenth)} to ${rounded(noise.slowTenth)} × its median, at a load of ${rounded(noise.load)};`,
    `the middle half of a contender's rounds lay within ±${Math.round(usual * 50)} % in most cases.`,
    `\n\n${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(" · ")}`,
  ].join(" ");
}

function goalTable(results: readonly CaseResult[]): string {
  const rows = results.flatMap(({ title, goals }) =>
    goals.map(
      (goal) =>
        `| ${title} | ${goalText(goal)} | ${rounded(goal.value)} | ${rounded(goal.workRatio)} | ${goal.isReached ? "yes" : "**no**"} |`,
    ),
  );
  if (rows.length === 0) return "";
  return [
    "| goal of tiercache | bound | measured | by time at work | reached |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** Whether the contenders are mostly those of the peers, so that they have columns of their own. */
function isOfPeers({ measurements }: CaseResult): boolean {
  return measurements.filter(({ contender }) => peerNames.has(contender)).length > 1;
}

/** One row a case, one column a peer: its time, or size, as a multiple of the floor's. */
function matrixOf(results: readonly CaseResult[]): string {
  if (results.length === 0) return "";
  const seen = new Set(results.flatMap(({ measurements }) => measurements.map(({ contender }) => contender)));
  const names = peers.map(({ name }) => name).filter((name) => seen.has(name));
  const rows = results.map((result) => {
    const [floor] = result.measurements;
    if (floor === undefined) return "";
    const cells = names.map((name) => cellOf(result.measurements.find(({ contender }) => contender === name)));
    return `| ${result.title} | ${floor.contender}: ${firstText(floor)} | ${cells.join(" | ")} |`;
  });
  return [`| case | floor | ${names.join(" | ")} |`, `|---|---|${names.map(() => "---").join("|")}|`, ...rows].join(
    "\n",
  );
}

function cellOf(measurement: Measurement | undefined): string {
  if (measurement === undefined) return "";
  if (measurement.wrong !== undefined) return "wrong";
  const [[first, value] = ["", Number.NaN], ...others] = Object.entries(measurement.figures);
  // Some floors are no yardstick: who waits for a server that is away waits for it and for nothing of his own.
  const ratio = measurement.ratio > 0.01 ? ratioText(measurement.ratio) : figureText(first, value);
  const also = others
    .filter(([name, number]) => number !== 0 && !hidden.has(name))
    .map(([name, number]) => figureText(name, number));
  return [ratio, ...also].join(", ");
}

/** What was wrong, with whom and where. */
function wrongList(results: readonly CaseResult[]): string {
  const whose = new Map<string, { readonly names: Set<string>; readonly titles: Set<string> }>();
  for (const { title, measurements } of results)
    for (const { contender, wrong } of measurements) {
      if (wrong === undefined) continue;
      const { names, titles } = whose.get(wrong) ?? { names: new Set(), titles: new Set() };
      whose.set(wrong, { names: names.add(contender), titles: titles.add(title) });
    }
  if (whose.size === 0) return "";
  const lines = [...whose].map(
    ([wrong, { names, titles }]) => `- ${wrong}: ${[...names].join(", ")} (${[...titles].join("; ")})`,
  );
  return ["Wrong, and so not timed:", "", ...lines].join("\n");
}

function ownTable(results: readonly CaseResult[]): string {
  const rows = results.flatMap(({ title, measurements }) =>
    measurements.map(
      (each) => `| ${title} | ${each.contender} | ${each.wrong ?? firstText(each)} | ${ratioText(each.ratio)} |`,
    ),
  );
  if (rows.length === 0) return "";
  return ["| case | what | median | × the first |", "|---|---|---|---|", ...rows].join("\n");
}

function firstText({ figures }: Measurement): string {
  return Object.entries(figures)
    .slice(0, 1)
    .map(([name, value]) => figureText(name, value))
    .join("");
}
