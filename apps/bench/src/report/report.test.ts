import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cases } from "../cases/cases.ts";
import { peers } from "../peers/peers.ts";
import type { Measurement } from "../rounds.ts";
import { casesIn, documentPath, withReport } from "./document.ts";
import { goalResults } from "./goal-results.ts";
import { markdownOf } from "./markdown.ts";
import { pageOf } from "./page.ts";
import type { Report } from "./report.ts";
import { tableOf } from "./table.ts";

function measurement(contender: string, ns: number, ratio: number): Measurement {
  return { contender, median: ns, best: ns, ratio, workRatio: ratio, spread: 0.1, figures: { ns, errors: 2 } };
}

const wrong: Measurement = {
  ...measurement("cacheable", Number.NaN, Number.NaN),
  wrong: "gives back <b>",
  figures: {},
};
const measurements = [measurement("lru-cache", 80, 1), measurement("tiercache", 60, 0.75), wrong];
const goals = goalResults([{ contender: "tiercache", atMost: 0.8 }], measurements);
const noise = { slowTenth: 1.3, fastTenth: 0.9, load: 2 };
const environment = {
  date: "2026-01-02",
  machine: "m",
  node: "v24.0.0",
  server: "redis 7",
  versions: { a: "1" },
  noise,
};
const result = { name: "l1-get", title: "L1 hit", rounds: 5, timesPerRound: 10, measurements, goals };
const report: Report = { effort: "full", environment, results: [result] };

test("a goal is reached by who stays below it", () => {
  expect(goals).toMatchObject([{ value: 0.75, isReached: true }]);
  expect(goalResults([{ contender: "tiercache", figure: "errors", atMost: 1 }], measurements)).toMatchObject([
    { value: 2, isReached: false },
  ]);
  expect(goalResults([{ contender: "nobody", atMost: 1 }], measurements)).toEqual([]);
});

test("who was wrong is told so in every form, and has no figure", () => {
  expect(tableOf(result)).toContain("gives back <b>: not measured");
  expect(markdownOf(report)).toContain("| L1 hit | lru-cache: 80 ns | 1.00, 2 errors | 0.75, 2 errors | wrong |");
  expect(markdownOf(report)).toContain("- gives back <b>: cacheable (L1 hit)");
  expect(pageOf(report)).toContain("gives back &lt;b&gt;");
});

test("a page needs nothing but itself", () => {
  const page = pageOf(report);
  expect(page).not.toMatch(/<(script|link|img)|src=|url\(|https?:/);
  expect(page).toContain("<svg");
});

test("a report takes the place of the one before it in the document, and of nothing else", () => {
  const document = readFileSync(documentPath, "utf8");
  const once = withReport(document, report);
  expect(casesIn(once)).toEqual(["l1-get"]);
  expect(withReport(once, report)).toBe(once);
  const around = (text: string): readonly string[] =>
    text.split(/<!-- figures: .*?-->/).filter((_, part) => part !== 1);
  expect(around(once)).toEqual(around(document));
});

test("docs/benchmarks.md has the figures of every case that there is, and says how each peer is set up", () => {
  const document = readFileSync(documentPath, "utf8");
  expect(casesIn(document)).toEqual(cases.map(({ name }) => name));
  for (const { name, setUp } of peers) expect(document).toContain(`| ${name} | ${setUp} |`);
});
