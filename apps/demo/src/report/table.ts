import type { Measurement, Report } from "./measurement.ts";

type Column = readonly [heading: string, cell: (measurement: Measurement) => string];

const columns: readonly Column[] = [
  ["scenario", ({ name }) => name],
  ["requests", ({ requests }) => count(requests)],
  ["origin calls", (m) => `${count(m.originCallsWithout)} → ${count(m.originCallsWith)}`],
  ["fewer", (m) => percent(1 - m.originCallsWith / m.originCallsWithout)],
  ["p50 / p99 without", (m) => `${millis(m.p50MsWithout)} / ${millis(m.p99MsWithout)}`],
  ["p50 / p99 with", (m) => `${millis(m.p50MsWith)} / ${millis(m.p99MsWith)}`],
  ["p50 L2", ({ p50MsL2 }) => (p50MsL2 === null ? "–" : millis(p50MsL2))],
  ["p50 L1", ({ p50MsL1 }) => millis(p50MsL1)],
  ["hits L1", ({ hitRateL1 }) => percent(hitRateL1)],
  ["hits L2", ({ hitRateL2 }) => percent(hitRateL2)],
  ["all hits", ({ hitRate }) => percent(hitRate)],
  ["saved", ({ savedUsd }) => `$${savedUsd.toFixed(4)}`],
  ["same answers", ({ valuesEqual }) => (valuesEqual ? "yes" : "NO")],
];

/** The report as a table for a terminal, with what one must know to read it. */
export function tableOf(report: Report): string {
  const rows = [
    columns.map(([heading]) => heading),
    ...report.scenarios.map((m) => columns.map(([, cell]) => cell(m))),
  ];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, index) => pad(cell, index, widths))
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const [heading = "", ...body] = lines;
  return [...preface(report), "", heading, rule, ...body, "", ...footnotes(report)].join("\n");
}

function preface({ seed, zipfExponent, instances, remoteTier }: Report): string[] {
  const tiers = remoteTier === null ? "L1 alone: no Redis was to be had" : `L1 in front of ${remoteTier}`;
  const fleet = instances === 1 ? "one instance" : `${instances} instances`;
  return [
    `Zipf requests, exponent ${zipfExponent}, seed ${seed}; ${fleet}, ${tiers}; caches empty at the first request.`,
  ];
}

function footnotes({ scenarios }: Report): string[] {
  const notes = [
    "Times in ms: without and with for 8 visitors at a time, L2 and L1 for one. Hits are counted by key, of the namespaces that answer the requests; all hits include reads that joined a running load of the same key.",
  ];
  for (const { name, callsWithout: without, callsWith } of scenarios) {
    notes.push(
      `${name}: table reads ${count(without.tableReads)} → ${count(callsWith.tableReads)}, ` +
        `queries ${count(without.queries)} → ${count(callsWith.queries)}, ` +
        `provider calls ${count(without.providerCalls)} → ${count(callsWith.providerCalls)} ` +
        `(texts ${count(without.textsEmbedded)} → ${count(callsWith.textsEmbedded)})`,
    );
  }
  notes.push("embedding: with the cache, the texts are embedded once when they are ingested; those calls are counted.");
  return notes;
}

function pad(cell: string, index: number, widths: readonly number[]): string {
  const width = widths[index] ?? 0;
  return index === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function count(number: number): string {
  return number.toLocaleString("en-GB");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function millis(ms: number): string {
  return ms >= 10 ? ms.toFixed(1) : ms.toFixed(3);
}
