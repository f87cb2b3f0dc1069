import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startRedis } from "@tooling/redis-server";
import { cases, casesNamed } from "../cases/cases.ts";
import { figureText, ratioText } from "../report/figure-text.ts";
import { BaseCheckout, usualBase } from "./base-checkout.ts";
import { duel } from "./duel.ts";
import { LIMIT, type Verdict, verdictOf } from "./verdict.ts";

/*
 * node src/check/main.ts [--base commit] [--only name,…] [--quick] [--summary file]: runs the core cases on the packages of a commit and on
 * those that lie here, in alternating rounds. Exits with 1 where one has become slower.
 */
const { values } = parseArgs({
  options: {
    base: { type: "string" },
    only: { type: "string", multiple: true, default: [] },
    quick: { type: "boolean", default: false },
    summary: { type: "string" },
  },
});
const only = values.only.flatMap((names) => names.split(","));
const chosen = only.length === 0 ? cases.filter(({ core }) => core) : casesNamed(only);
// A branch that is new has no commit before, and is told so by noughts.
using base = new BaseCheckout(/[^0]/.test(values.base ?? "") ? (values.base ?? "") : usualBase());
await using server = await startRedis();
const sides = { url: server.url, base: base.folder, effort: values.quick ? "quick" : "full" } as const;

process.stdout.write(`Against ${base.commit.slice(0, 10)}, in alternating rounds\n`);
const rows: string[] = [];
let slower = 0;
for (const one of chosen) {
  const verdict = await verdictOf(() => duel(one, sides));
  if (verdict.isSlower) slower++;
  rows.push(`| ${one.title} | ${cellsOf(verdict).join(" | ")} |`);
  process.stdout.write(`  ${one.title.padEnd(52)}${cellsOf(verdict).join("  ")}\n`);
}
if (values.summary !== undefined) {
  const head = ["| case | base | change | ratio | |", "|---|---|---|---|---|"];
  const text = `## Against ${base.commit.slice(0, 10)}\n\n${[...head, ...rows].join("\n")}\n\n`;
  appendFileSync(values.summary, `${text}Slower is what takes more than ${LIMIT} × three times over.\n\n`);
}
if (slower > 0) process.exitCode = 1;

function cellsOf({ duels, isSlower }: Verdict): readonly string[] {
  const last = duels.at(-1);
  if (last === undefined) return [];
  const ratios = duels.map(({ ratio }) => ratioText(ratio)).join(", ");
  return [figureText("ns", last.baseNs), figureText("ns", last.changeNs), ratios, isSlower ? "**slower**" : ""];
}
