import { expect, test } from "vitest";
import { seededIntegers } from "../seeded-random.ts";
import { ExhaustiveSearch } from "./exhaustive-search.ts";
import { areIndependent, type Footprint } from "./footprint.ts";
import type { Step } from "./scheduler.ts";

/** One line of a program: reads or writes a variable, or may fail, so that its thread goes no further. */
interface Line {
  readonly does: "read" | "write" | "fork";
  readonly variable: string;
  readonly mayFail: boolean;
}

/** Threads of lines. A line `fork` begins the thread of the next higher number that has not begun. */
type Program = readonly (readonly Line[])[];

/** How a program went in one run. */
interface Run {
  /** What its variables and its threads' readings are in the end. */
  readonly end: string;
  /** In which order steps that touch one another came: the same for runs that differ in nothing else. */
  readonly order: string;
}

/** The runs that were seen to their end. */
function explored(program: Program, reduce: boolean): readonly Run[] {
  const search = new ExhaustiveSearch(reduce);
  const runs: Run[] = [];
  do {
    const run = runOf(program, search);
    if (run !== undefined) runs.push(run);
  } while (search.advance());
  return runs;
}

function runOf(program: Program, search: ExhaustiveSearch): Run | undefined {
  const memory: Record<string, string> = {};
  const seen: string[] = program.map(() => "");
  const at: number[] = program.map((_, thread) => (thread < 2 ? 0 : -1));
  const taken: Step[] = [];
  for (let possible = stepsOf(program, at, 1); ; ) {
    if (possible.every(({ isOptional }) => isOptional)) {
      return { end: JSON.stringify([memory["x"], memory["y"], memory["z"], seen]), order: orderOf(taken) };
    }
    const chosen = search.choose(possible);
    if (chosen === undefined) return undefined;
    taken.push(chosen);
    const [thread = 0, index = 0] = chosen.label.split(" ").map(Number);
    const line = program[thread]?.[index] as Line;
    at[thread] = chosen.isOptional === true ? 1_000 : index + 1;
    if (chosen.isOptional !== true && line.does === "write") memory[line.variable] = chosen.label;
    if (chosen.isOptional !== true && line.does === "read") seen[thread] += `${memory[line.variable]};`;
    if (chosen.isOptional !== true && line.does === "fork" && at.includes(-1)) at[at.indexOf(-1)] = 0;
    possible = stepsOf(program, at, taken.some(({ isOptional }) => isOptional) ? 0 : 1);
  }
}

function orderOf(taken: readonly Step[]): string {
  const pairs = taken.flatMap((later, index) =>
    taken
      .slice(0, index)
      .filter((earlier) => !areIndependent(earlier.touches, later.touches))
      .map((earlier) => `${earlier.label} < ${later.label}`),
  );
  const labels = taken.map(({ label }) => label);
  return [...labels, ...pairs].toSorted(byText).join();
}

function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
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

test("every order of steps that touch one another is gone through once, and no other order", () => {
  for (let seed = 1; seed <= 250; seed++) {
    const program = randomProgram(seededIntegers(seed * 7_919));
    const [all, reduced] = [explored(program, false), explored(program, true)];
    const orders = reduced.map(({ order }) => order);
    expect(new Set(reduced.map(({ end }) => end)), `seed ${seed}`).toEqual(new Set(all.map(({ end }) => end)));
    expect(new Set(orders), `seed ${seed}`).toEqual(new Set(all.map(({ order }) => order)));
    expect(orders.length, `seed ${seed}`).toBe(new Set(orders).size);
  }
});
