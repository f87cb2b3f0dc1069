import { expect, test } from "vitest";
import type { HistoryEvent } from "../src/history/event.ts";
import { History } from "../src/history/history.ts";
import { judged } from "../src/judge/judge.ts";
import { activityOf, vacuityOf } from "../src/judge/vacuity.ts";
import { holds, reportOf, type Verdict } from "../src/report/report.ts";
import { change, count, echo, fault, load, lock, read, removal } from "./hand-written.ts";

function verdictOn(events: readonly HistoryEvent[]): Verdict {
  const history = new History(events);
  return { history, findings: judged(history), activity: activityOf(history), vacuous: [] };
}

/** The value of `a` lives on in `w2`, which has not heard of the change. */
const missed = [
  echo({ from: 0, process: "w2" }),
  echo({ from: 3_900, process: "w2" }),
  load({ from: 0, process: "w2" }),
  read({ from: 2, to: 3, process: "w2", source: "loader" }),
  read({ from: 500, process: "w2" }),
  fault({ from: 900, fault: "kill-pubsub" }),
  change({ from: 1_000 }),
  removal({ from: 1_000 }),
  read({ from: 4_000, process: "w2" }),
  read({ from: 4_100, process: "w2" }),
  read({ from: 4_200, process: "w2", key: "warm-8", load: "b" }),
  load({ from: 0, process: "w3", key: "warm-8", load: "b" }),
];

test("a report counts the violations of each invariant, and of all of them how late the reads were", () => {
  const report = reportOf(verdictOn(missed));
  expect(report).toMatch(/^I1 +2 /m);
  expect(report).toMatch(/^I3 +0 /m);
  expect(report).toContain("> 1200 ms 2; the most 3099 ms");
});

test("the first violation is told with what explains it, in order, and with nothing else", () => {
  const [, told = ""] = reportOf(verdictOn(missed)).split("the first, of ");
  const [headline, ...lines] = told.trim().split("\n");
  expect(headline).toBe("I1: w2 read version 1 of warm-7 from lru, 2999 ms after version 2 was acknowledged to w1");
  const kinds = lines.map((line) => line.trim().split(/ {2,}/).slice(1, 3).join(" ").split(",")[0]);
  expect(kinds).toEqual(["w2 load", "w2 read", "conductor fault", "w1 change", "w1 removal", "w2 echo", "w2 read"]);
});

test("a run in which everything holds holds", () => {
  expect(holds(verdictOn([load({ from: 0 }), read({ from: 2, source: "redis" })]))).toBe(true);
  expect(holds(verdictOn(missed))).toBe(false);
  expect(holds({ ...verdictOn([]), vacuous: ["nothing was read"] })).toBe(false);
});

test("a run in which nothing happened proves nothing", () => {
  expect(vacuityOf(new History([]), 30, ["hang"])).toEqual([
    "0 reads in 30 s: at least 3000 are needed",
    "0 localHits in 30 s: at least 600 are needed",
    "0 remoteHits in 30 s: at least 60 are needed",
    "0 loads in 30 s: at least 150 are needed",
    "0 changes in 30 s: at least 60 are needed",
    "0 tagsEnded in 30 s: at least 30 are needed",
    "0 taggedHits in 30 s: at least 150 are needed",
    "0 locks in 30 s: at least 30 are needed",
    "hang did not happen",
    "no fault happened",
    "no load was kept from being kept",
    "nothing was cleared",
    "nothing was held off",
    "no probe was changed",
    "nothing was queued, though the server hung",
  ]);
});

test("a run in which enough happened proves something", () => {
  const events = [
    ...Array.from({ length: 100 }, (_, index) => read({ from: index })),
    ...Array.from({ length: 5 }, (_, index) => load({ from: index })),
    change({ from: 0, key: "probe-1" }),
    change({ from: 0, status: "queued" }),
    change({ from: 0, operation: "deleteByTags" }),
    change({ from: 0, operation: "clear" }),
    lock({ from: 0 }),
    ...Array.from({ length: 5 }, (_, index) => read({ from: index, key: "late-1" })),
    fault({ from: 0, fault: "hang" }),
    count({ from: 0, counts: { "hit lru": 20, "hit redis": 2, refused: 1, "held-off": 1 } }),
  ];
  expect(vacuityOf(new History(events), 1, ["hang"])).toEqual([]);
});
