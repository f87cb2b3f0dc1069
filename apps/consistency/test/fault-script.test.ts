import { expect, test } from "vitest";
import { FAULTS, faultsNamed } from "../src/faults/all-faults.ts";
import { faultScript, type ScheduledFault } from "../src/faults/fault-script.ts";
import { Random } from "../src/random.ts";

const LASTS_MS = 60_000;

function scriptOf(seed: number): readonly ScheduledFault[] {
  return faultScript(FAULTS, LASTS_MS, new Random(seed));
}

test("the same seed makes the same script, another seed another one", () => {
  expect(scriptOf(1)).toEqual(scriptOf(1));
  expect(scriptOf(1)).not.toEqual(scriptOf(2));
});

test("each kind happens before any of its lane happens again", () => {
  for (const lane of ["server", "clients"] as const) {
    const kinds = FAULTS.filter((fault) => fault.lane === lane);
    const first = scriptOf(1)
      .filter(({ fault }) => fault.lane === lane)
      .slice(0, kinds.length);
    expect(new Set(first.map(({ fault }) => fault))).toEqual(new Set(kinds));
  }
});

test("within a lane nothing overlaps, and all is over at the end", () => {
  for (const lane of ["server", "clients"]) {
    let overAt = 0;
    for (const { fault, atMs, lastsMs } of scriptOf(3)) {
      if (fault.lane !== lane) continue;
      expect(atMs).toBeGreaterThan(overAt);
      overAt = atMs + lastsMs;
      expect(overAt).toBeLessThanOrEqual(LASTS_MS);
    }
  }
});

test("faults are chosen by name, all of them or none", () => {
  expect(faultsNamed("all")).toEqual(FAULTS);
  expect(faultsNamed("none")).toEqual([]);
  expect(faultsNamed("hang,kill-pubsub").map(({ name }) => name)).toEqual(["hang", "kill-pubsub"]);
  expect(() => faultsNamed("fire")).toThrow("There is no fault fire; one of all, none, kill-pubsub");
});
