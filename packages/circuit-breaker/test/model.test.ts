import { Circuit, FailureRun } from "@tiercache/core";
import { manualClock } from "@tiercache/testing";
import { array, assert, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";

const FAILURES = 3;
const PROBES = 2;
const OPEN_MS = 100;

/** What may happen to a breaker; a step that does not apply at a moment is left out. */
type Step = "begin" | "succeed" | "fail" | "wait" | "probe" | "good" | "bad" | "soon" | "isolate" | "release";

const steps: readonly Step[] = [
  "begin",
  "succeed",
  "fail",
  "fail",
  "wait",
  "probe",
  "good",
  "bad",
  "soon",
  "isolate",
  "release",
];

/** A breaker as one would tell it: by its state, what has failed in a row, and who is being waited for. */
class Model {
  state = "closed";
  run = 0;
  calls = 0;
  probing = 0;
  good = 0;
  readyAt = 0;
}

function open(model: Model, readyAt: number): void {
  Object.assign(model, { state: "open", readyAt, calls: 0, probing: 0, good: 0 });
}

test("whatever happens in whichever order, a breaker does what its model does", () => {
  assert(
    property(array(constantFrom(...steps), { maxLength: 60 }), (happening) => {
      const clock = manualClock();
      const circuit = new Circuit({
        clock,
        judge: new FailureRun(FAILURES),
        probes: PROBES,
        openMs: OPEN_MS,
        longestOpenMs: OPEN_MS,
        growth: 1,
        random: () => 0,
      });
      const model = new Model();
      const calls: ReturnType<Circuit["begin"]>[] = [];
      const changes: string[] = [];
      circuit.onChange(({ state, was }) => changes.push(`${was}>${state}`));
      for (const step of happening) {
        const was = model.state;
        const before = changes.length;
        play(step, { circuit, model, calls, advance: (ms) => clock.advance(ms), now: () => clock.now() });
        if (model.state !== "closed") calls.length = 0;
        expect(circuit.state, happening.join(" ")).toBe(model.state);
        expect(changes.slice(before)).toEqual(was === model.state ? [] : [`${was}>${model.state}`]);
      }
    }),
    { numRuns: 2_000 },
  );
});

interface Stage {
  readonly circuit: Circuit;
  readonly model: Model;
  readonly calls: ReturnType<Circuit["begin"]>[];
  readonly advance: (ms: number) => void;
  readonly now: () => number;
}

const plays: Readonly<Record<Step, (stage: Stage) => void>> = {
  begin: ({ circuit, model, calls }) => {
    if (model.state === "closed") calls.push(circuit.begin());
  },
  succeed: ({ circuit, model, calls }) => {
    const call = calls.shift();
    if (call === undefined) return;
    circuit.succeeded(call);
    model.run = 0;
  },
  fail: ({ circuit, model, calls, now }) => {
    const call = calls.shift();
    if (call === undefined) return;
    circuit.failed(call, false);
    if (++model.run >= FAILURES) open(model, now() + OPEN_MS);
  },
  wait: ({ advance }) => {
    // Not so long that a probe would be given up.
    advance(OPEN_MS / 4);
  },
  probe: ({ circuit, model, now }) => {
    const may =
      (model.state === "open" && now() >= model.readyAt) ||
      (model.state === "half-open" && model.probing + model.good < PROBES);
    // A probe that has been forgotten is the business of another test.
    if (model.state === "half-open" && model.probing > 0) return;
    expect(circuit.probe()).toBe(may);
    if (!may) return;
    model.state = "half-open";
    model.probing++;
  },
  good: ({ circuit, model }) => {
    if (model.state !== "half-open" || model.probing === 0) return;
    circuit.probed(true);
    model.probing--;
    if (++model.good >= PROBES) Object.assign(model, { state: "closed", run: 0, good: 0, probing: 0 });
  },
  bad: ({ circuit, model, now }) => {
    if (model.state !== "half-open" || model.probing === 0) return;
    circuit.probed(false);
    open(model, now() + OPEN_MS);
  },
  soon: ({ circuit, model, now }) => {
    circuit.retrySoon();
    if (model.state === "open") model.readyAt = now();
  },
  isolate: ({ circuit, model }) => {
    circuit.isolate();
    Object.assign(model, { state: "isolated", calls: 0 });
  },
  release: ({ circuit, model, now }) => {
    circuit.release();
    if (model.state === "isolated") open(model, now());
  },
};

function play(step: Step, stage: Stage): void {
  plays[step](stage);
}
