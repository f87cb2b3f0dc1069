import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Environment } from "../environment.ts";
import { type Measurement, measure } from "../rounds.ts";
import { type GoalResult, goalResults } from "./goal-results.ts";

/** What a case has come to. */
export interface CaseResult {
  readonly name: string;
  readonly title: string;
  /** How many rounds were counted, and how often a thing was done in each. */
  readonly rounds: number;
  readonly timesPerRound: number;
  /** The floor first. */
  readonly measurements: readonly Measurement[];
  readonly goals: readonly GoalResult[];
}

/** What a whole run has come to. */
export interface Report {
  readonly effort: string;
  readonly environment: Environment;
  readonly results: readonly CaseResult[];
}

/** Measures one case, and closes all that was opened for it. */
export async function resultOf(one: Case, bench: Bench): Promise<CaseResult> {
  const { effort } = bench;
  try {
    const comparison = await one.prepare(bench);
    const rounds = effort.rounds === 0 ? 0 : (one.rounds ?? effort.rounds);
    const measurements = await measure(comparison, rounds);
    const { timesPerRound } = comparison;
    const goals = goalResults(one.goals ?? [], measurements);
    return { name: one.name, title: one.title, rounds: Math.max(1, rounds), timesPerRound, measurements, goals };
  } finally {
    await bench[Symbol.asyncDispose]();
  }
}
