import { setTimeout as delay } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Browsers } from "./browsers.ts";
import { HttpVisitor, type RequestOutcome } from "./http-visitor.ts";
import { percentile } from "./percentile.ts";
import type { TrafficOrder, TrafficReport } from "./traffic-order.ts";
import { VisitPlanner } from "./visit-plan.ts";

/*
 * A thread of its own, so that what visitors do takes no time from those who serve them. It ends with its parent.
 */

const reportEveryMs = 500;
const visitors = 8;

const { addresses, perSecond, ...law } = workerData as TrafficOrder;
const planner = new VisitPlanner(law);
const browsers = new Browsers();
let tookMs: number[] = [];
let failures = 0;
let unprovided = 0;
let reportedAt = performance.now();
/** When the next request may be made. */
let freeAt = performance.now();

function done(ms: number, outcome: RequestOutcome): void {
  // A service that was slow is not sent afterwards what it has missed.
  freeAt = Math.max(freeAt, performance.now()) + 1_000 / perSecond;
  tookMs.push(ms);
  if (outcome === "failed") failures += 1;
  else if (outcome === "unprovided") unprovided += 1;
}

/** Visits for ever, no faster than ordered: all visitors share one measure. */
async function visitFrom(address: string): Promise<never> {
  const visitor = new HttpVisitor({ address, browsers, done });
  for (;;) {
    await visitor.visit(planner.next());
    const aheadMs = freeAt - performance.now();
    if (aheadMs > 0) await delay(aheadMs);
  }
}

setInterval(() => {
  const now = performance.now();
  const report: TrafficReport = {
    forMs: now - reportedAt,
    requests: tookMs.length,
    failures,
    unprovided,
    p50Ms: percentile(tookMs, 0.5) ?? 0,
    p99Ms: percentile(tookMs, 0.99) ?? 0,
  };
  tookMs = [];
  failures = 0;
  unprovided = 0;
  reportedAt = now;
  parentPort?.postMessage(report, []);
}, reportEveryMs);

for (let index = 0; index < visitors; index++) void visitFrom(addresses[index % addresses.length] ?? "");
