import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { startRedis } from "@tooling/redis-server";
import { argumentsIn } from "./arguments.ts";
import { Bench } from "./bench.ts";
import { casesNamed } from "./cases/cases.ts";
import { environmentOf } from "./environment.ts";
import { peers } from "./peers/peers.ts";
import { documentPath, withReport } from "./report/document.ts";
import { markdownOf } from "./report/markdown.ts";
import { pageOf } from "./report/page.ts";
import { type CaseResult, type Report, resultOf } from "./report/report.ts";
import { tableOf } from "./report/table.ts";

/*
 * node src/main.ts [--only name,…] [--quick | --smoke] [--json file] [--html file] [--summary file] [--write]: measures the cases
 * whose names begin so, or all of them, and says what they took.
 */
const { effort, only, json, html, summary, write } = argumentsIn(process.argv.slice(2));
const chosen = casesNamed(only);
// Elsewhere the values that a local tier keeps are frozen, which finds mistakes and takes its time.
if (process.env["NODE_ENV"] !== "production") process.stderr.write("NODE_ENV is not production: values are frozen\n");
const isQuiet = json === "-";
await using server = await startRedis();
const bench = new Bench(server.url, effort, peers);
const environment = await environmentOf(server, peers);
const results: CaseResult[] = [];
for (const one of chosen) {
  try {
    const result = await resultOf(one, bench);
    results.push(result);
    if (!isQuiet) process.stdout.write(`${tableOf(result)}\n`);
  } catch (error) {
    // The others are still worth having.
    process.exitCode = 1;
    process.stderr.write(`${one.name}: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
const report: Report = { effort: effort.name, environment, results };
const text = `${JSON.stringify(report, null, 2)}\n`;
if (isQuiet) process.stdout.write(text);
else if (json !== undefined) writeFileSync(json, text);
if (html !== undefined) writeFileSync(html, pageOf(report));
if (summary !== undefined) appendFileSync(summary, `## Benchmarks\n\n${markdownOf(report)}\n`);
if (write) writeFileSync(documentPath, withReport(readFileSync(documentPath, "utf8"), report));
// Some clients keep a process alive that has nothing left to do.
await server.stop();
process.exit();
