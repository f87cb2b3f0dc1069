import { type Bar, barPlot } from "./bar-plot.ts";
import type { Claim } from "./claim.ts";
import type { DayReport } from "./day-run.ts";
import { bytes, count, millis, percent } from "./figures.ts";
import { type Html, html } from "./html.ts";
import { type Measurement, type ScenarioReport, savedShare } from "./measurement.ts";
import type { MemoryReport } from "./memory.ts";
import { inWords } from "./namespace-words.ts";
import type { Report } from "./report.ts";
import { reportStyle } from "./report-style.ts";
import { scenarioNotes } from "./scenario-table.ts";
import { targetPlot } from "./target-plot.ts";

const tones = { none: "none", L1: "local", L2: "remote", "L1 + L2": "both" } as const;

/** The report as one HTML file with plots, which needs no other file and runs nothing. */
export function reportPage(report: Report): string {
  const { seed, zipfExponent, instances, remoteTier, scenarios, days, memory, claims } = report;
  const fleet = instances === 1 ? "one instance" : `${instances} instances`;
  const tiers = remoteTier === null ? "L1 alone: no Redis was to be had" : `L1 in each, L2 is ${remoteTier}`;
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>tiercache demo: what was measured</title><style>${plain(reportStyle)}</style></head>
<body>
<h1>What a cache does for job matching</h1>
<p class="quiet">Requests by Zipf’s law, exponent ${zipfExponent}, seed ${seed}; ${fleet}; ${tiers}. Measured in one run, on generated data.</p>
<h2>What the users asked for</h2>
<div class="card left">${claimTable(claims)}</div>
<h2>No cache, each tier alone, and both</h2>
<div class="cards">${scenarios.map(scenarioCard)}</div>
<ul class="quiet">${scenarioNotes.map((note) => html`<li>${note}</li>`)}</ul>
<h2>A day of everything together</h2>
<div class="card">${targetPlot(days)}${dayTable(days)}</div>
${memory === null ? "" : memoryPart(memory)}
</body>
</html>
`.text;
}

function scenarioCard(scenario: ScenarioReport): Html {
  const { name, measurements } = scenario;
  const bars = (value: (m: Measurement) => number, text: (m: Measurement) => string): Bar[] =>
    measurements.map((m) => ({ name: m.configuration, value: value(m), text: text(m), tone: tones[m.configuration] }));
  const calls = bars(
    ({ originCalls, requests }) => (originCalls / requests) * 100,
    (m) => `${((m.originCalls / m.requests) * 100).toFixed(1)}${fewer(scenario, m)}`,
  );
  const time = { isLogarithmic: true };
  return html`<section class="card"><h3>${name}</h3>
    ${barPlot(calls, { title: "Origin calls for 100 requests" })}
    ${barPlot(
      bars(
        ({ p50Ms }) => p50Ms,
        ({ p50Ms }) => `${millis(p50Ms)} ms`,
      ),
      { ...time, title: "p50, caches empty at first (logarithmic)" },
    )}
    ${barPlot(
      bars(
        ({ p99Ms }) => p99Ms,
        ({ p99Ms }) => `${millis(p99Ms)} ms`,
      ),
      { ...time, title: "p99, likewise" },
    )}
    ${barPlot(warmBars(measurements), { ...time, title: "p50 of what was asked for before" })}
  </section>`;
}

function warmBars(measurements: readonly Measurement[]): Bar[] {
  return measurements.flatMap(({ configuration, warmP50Ms }) =>
    warmP50Ms === null
      ? []
      : { name: configuration, value: warmP50Ms, text: `${millis(warmP50Ms)} ms`, tone: tones[configuration] },
  );
}

function fewer(scenario: ScenarioReport, { configuration }: Measurement): string {
  if (configuration === "none") return "";
  return ` (${percent(savedShare(scenario, configuration) ?? 0)} fewer)`;
}

function claimTable(claims: readonly Claim[]): Html {
  const rows = claims.map(({ what, wanted, measured, holds }) => {
    const word =
      holds === null ? html`–` : holds ? html`<span class="yes">yes</span>` : html`<span class="no">no</span>`;
    return html`<tr><td>${what}</td><td>${wanted}</td><td>${measured}</td><td>${word}</td></tr>`;
  });
  return html`<table><thead><tr><th>What</th><th>Wanted</th><th>Measured</th><th>Holds</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function dayTable(days: readonly DayReport[]): Html {
  const [first] = days;
  if (first === undefined) return html``;
  const rows = first.targets.map(({ namespace, target, reads, fillingHitRate }) => {
    const rates = days.map(({ targets }) => {
      const own = targets.find((one) => one.namespace === namespace);
      const rate = own?.hitRate ?? null;
      return html`<td class="${own?.isMet === false ? "no" : ""}">${rate === null ? "–" : percent(rate)}</td>`;
    });
    const filling = fillingHitRate === null ? "–" : percent(fillingHitRate);
    return html`<tr><td>${inWords(namespace)}</td><td>${percent(target)}</td><td>${count(reads)}</td><td>${filling}</td>${rates}</tr>`;
  });
  const laws = days.map(({ zipfExponent }) => html`<th>exponent ${zipfExponent}</th>`);
  return html`<table><thead><tr><th>Namespace</th><th>Target</th><th>Reads</th><th>While filling</th>${laws}</tr></thead><tbody>${rows}</tbody></table>
    <p class="quiet">${count(first.visits)} visits, ${count(first.requests)} requests with each law; rates of the second half. While filling: the first half with exponent ${first.zipfExponent}.</p>`;
}

function memoryPart(memory: MemoryReport): Html {
  const rows = memory.map(
    ({ namespace, keys, bytesPerKey }) =>
      html`<tr><td>${namespace}</td><td>${count(keys)}</td><td>${count(Math.round(bytesPerKey))}</td><td>${bytes(keys * bytesPerKey)}</td></tr>`,
  );
  return html`<h2>What Redis holds after a day</h2><div class="card"><table>
    <thead><tr><th>Namespace</th><th>Keys</th><th>Bytes a key</th><th>Together</th></tr></thead><tbody>${rows}</tbody></table>
    <p class="quiet">Keys are counted; bytes are the mean of up to 50 samples of MEMORY USAGE a namespace.</p></div>`;
}

function plain(text: string): Html {
  return html([text] as unknown as TemplateStringsArray);
}
