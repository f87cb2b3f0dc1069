import { expect, test } from "vitest";
import type { Measurement } from "./measurement.ts";
import type { Report } from "./report.ts";
import { reportPage } from "./report-page.ts";

const calls = {
  tableReads: 4,
  queries: 0,
  providerCalls: 0,
  textsEmbedded: 0,
  completions: 0,
  enrichments: 0,
  costUsd: 0,
};

function measurement(configuration: Measurement["configuration"], originCalls: number): Measurement {
  const warmP50Ms = configuration === "none" ? null : 0.002;
  const rates = { hitRate: 0.9, hitRateL1: 0.9, hitRateL2: 0 };
  return {
    configuration,
    requests: 100,
    originCalls,
    calls,
    p50Ms: 1,
    p99Ms: 2,
    warmP50Ms,
    ...rates,
    sameAnswers: true,
  };
}

const target = { namespace: "match", target: 0.8, reads: 1_000, fillingHitRate: null };
const report: Report = {
  seed: 7,
  zipfExponent: 1,
  instances: 2,
  remoteTier: "<redis> & more",
  scenarios: [{ name: "match", measurements: [measurement("none", 100), measurement("L1", 20)] }],
  days: [
    { zipfExponent: 1, visits: 10, requests: 40, targets: [{ ...target, hitRate: 0.95, isMet: true }] },
    { zipfExponent: 0.7, visits: 10, requests: 40, targets: [{ ...target, hitRate: 0.5, isMet: false }] },
  ],
  memory: [{ namespace: "embed", keys: 3, sampled: 3, bytesPerKey: 3_500 }],
  claims: [{ what: "match computations", wanted: "70.0 % fewer", measured: "60.0 % fewer", holds: false }],
};

const page = reportPage(report);

test("the page needs nothing from elsewhere, and runs nothing", () => {
  expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|\bon\w+=/i);
});

test("what stands in it is text, whatever it is", () => {
  expect(page).toContain("&lt;redis&gt; &amp; more");
  expect(page).not.toContain("<redis>");
});

test("it says what was measured, also what falls short", () => {
  for (const text of ["20.0 (80.0 % fewer)", "95.0 %", "50.0 %", "10.5 kB", "seed 7", "0.002 ms"])
    expect(page).toContain(text);
  expect(page).toContain('<span class="no">no</span>');
  expect(page).toContain('<td class="no">50.0 %</td>');
});

test("each plot says in words what it shows", () => {
  expect(page).toContain('aria-label="Origin calls for 100 requests. none: 100.0; L1: 20.0 (80.0 % fewer)"');
});
