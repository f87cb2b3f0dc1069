import { count, millis, percent } from "./figures.ts";
import type { Measurement, ScenarioReport } from "./measurement.ts";
import { savedShare } from "./measurement.ts";
import { type Column, table } from "./table.ts";

type Cell = (measurement: Measurement, scenario: ScenarioReport) => string;

const columns: readonly (Column & { readonly cell: Cell })[] = [
  { heading: "scenario", lean: "left", cell: ({ configuration }, { name }) => (configuration === "none" ? name : "") },
  { heading: "tiers", lean: "left", cell: ({ configuration }) => configuration },
  { heading: "requests", cell: ({ requests }) => count(requests) },
  { heading: "origin calls", cell: ({ originCalls }) => count(originCalls) },
  { heading: "per 100", cell: ({ originCalls, requests }) => ((originCalls / requests) * 100).toFixed(1) },
  { heading: "fewer", cell: (m, scenario) => orDash(m, percent(savedShare(scenario, m.configuration) ?? 0)) },
  { heading: "p50", cell: ({ p50Ms }) => millis(p50Ms) },
  { heading: "p99", cell: ({ p99Ms }) => millis(p99Ms) },
  { heading: "warm p50", cell: ({ warmP50Ms }) => (warmP50Ms === null ? "–" : millis(warmP50Ms)) },
  { heading: "hits L1", cell: (m) => orDash(m, percent(m.hitRateL1)) },
  { heading: "hits L2", cell: (m) => orDash(m, percent(m.hitRateL2)) },
  { heading: "all hits", cell: (m) => orDash(m, percent(m.hitRate)) },
  { heading: "same answers", cell: (m) => orDash(m, m.sameAnswers ? "yes" : "NO") },
];

/** The scenarios with each configuration, for a terminal. */
export function scenarioTable(scenarios: readonly ScenarioReport[]): string {
  const rows = scenarios.flatMap((scenario) =>
    scenario.measurements.map((measurement) => columns.map(({ cell }) => cell(measurement, scenario))),
  );
  return table(columns, rows);
}

/** What one must know to read it. */
export const scenarioNotes: readonly string[] = [
  "Times in ms, of 8 visitors at a time; warm: of one, asking for what was asked for before. Caches are empty at the first request.",
  "Origin calls: reads of the job table, queries of the database, calls to providers. Without a cache fewer requests are made, as each costs the same.",
  "Hits are counted by key, of the namespaces that answer; all hits include reads that joined a running load of the same key.",
  "embedding: with a cache, the texts are embedded once when they are ingested; those calls are counted.",
];

function orDash({ configuration }: Measurement, text: string): string {
  return configuration === "none" ? "–" : text;
}
