import { expect, test } from "vitest";
import { seededIntegers } from "../seeded-random.ts";
import { ExhaustiveSearch } from "./exhaustive-search.ts";
import type { Footprint } from "./footprint.ts";
import type { Step } from "./scheduler.ts";

/** One line of a program: reads or writes a variable, or may fail, so that its thread goes no further. */
interface Line {
  readonly does: "read" | "write" | "fork";
  readonly variable: string;
  readonly mayFail: boolean;
}

/** Threads of lines. A line `fork` begins the thread of the next higher number that has not begun. */
type Program = readonly (readonly Line[])[];

interface Results {
  readonly outcomes: ReadonlySet<string>;
  readonly runs: number;
  readonly complete: number;
}

/** All that a program can lead to. */
function explored(program: Program, reduce: boolean): Results {
  const search = new ExhaustiveSearch(reduce);
  const outcomes = new Set<string>();
  let runs = 0;
  let complete = 0;
  do {
    runs++;
    const outcome = outcomeOf(program, search);
    if (outcome !== undefined) {
      complete++;
      outcomes.add(outcome);
    }
  } while (search.advance());
  return { outcomes, runs, complete };
}

function outcomeOf(program: Program, search: ExhaustiveSearch): string | undefined {
  const memory: Record<string, string> = {};
  const seen: string[] = program.map(() => "");
  const at: number[] = program.map((_, thread) => (thread < 2 ? 0 : -1));
  let faults = 1;
  for (;;) {
    const possible = stepsOf(program, at, faults);
    if (!possible.some(({ fault }) => fault === undefined))
      return JSON.stringify([[memory["x"], memory["y"], memory["z"]], seen]);
    const chosen = search.choose(possible);
    if (chosen === undefined) return undefined;
    const [thread = 0, index = 0] = chosen.label.split(" ").map(Number);
    const line = program[thread]?.[index] as Line;
    at[thread] = chosen.fault === undefined ? index + 1 : 1_000;
    if (chosen.fault !== undefined) faults--;
    else if (line.does === "write") memory[line.variable] = chosen.label;
    else if (line.does === "read") seen[thread] += `${memory[line.variable]};`;
    else {
      const next = at.indexOf(-1);
      if (next !== -1) at[next] = 0;
    }
  }
}

function stepsOf(program: Program, at: readonly number[], faults: number): readonly Step[] {
  return program.flatMap((lines, thread) => {
    const index = at[thread] as number;
    const line = lines[index];
    if (line === undefined) return [];
    const own = `thread ${thread}`;
    const touches: Footprint =
      line.does === "read" ? { reads: [line.variable], writes: [own] } : { writes: [own, line.variable] };
    const label = `${thread} ${index}`;
    const step: Step = { label, touches };
    if (!line.mayFail || faults === 0) return [step];
    return [
      step,
      { label: `${label} fails`, touches: { writes: [own, "faults"] }, fault: "call" as const, isOptional: true },
    ];
  });
}

function randomProgram(next: () => number): Program {
  const threads = 2 + (next() % 3);
  return Array.from({ length: threads }, () =>
    Array.from({ length: 1 + (next() % 3) }, (): Line => {
      const does = (["read", "write", "write", "fork"] as const)[(next() >>> 8) % 4] as Line["does"];
      const variable = does === "fork" ? "threads" : (["x", "y", "z"][(next() >>> 8) % 3] as string);
      return { does, variable, mayFail: (next() >>> 8) % 4 === 0 };
    }),
  );
}

test("what is left out leads to nothing that is not led to otherwise", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const program = randomProgram(seededIntegers(seed * 7_919));
    const all = explored(program, false);
    const reduced = explored(program, true);
    expect(reduced.outcomes, `seed ${seed}`).toEqual(all.outcomes);
    expect(reduced.runs).toBeLessThanOrEqual(all.runs);
  }
});
