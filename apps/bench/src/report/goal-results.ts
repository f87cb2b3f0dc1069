import type { Goal } from "../case.ts";
import type { Measurement } from "../rounds.ts";

/** A goal beside what was measured. */
export interface GoalResult extends Goal {
  readonly value: number;
  /** The ratio of the time at work, where the goal is one of time. */
  readonly workRatio: number;
  readonly isReached: boolean;
}

/** What has become of a case's goals; of those whose contender was measured. */
export function goalResults(goals: readonly Goal[], measurements: readonly Measurement[]): readonly GoalResult[] {
  return goals.flatMap((goal) => {
    const measurement = measurements.find(({ contender }) => contender === goal.contender);
    if (measurement === undefined) return [];
    const value = goal.figure === undefined ? measurement.ratio : (measurement.figures[goal.figure] ?? Number.NaN);
    const workRatio = goal.figure === undefined ? measurement.workRatio : Number.NaN;
    return [{ ...goal, value, workRatio, isReached: value <= goal.atMost }];
  });
}

/** A goal in words: what is to be at most how much. */
export function goalText({ contender, figure, atMost }: Goal): string {
  const bound = Number(atMost.toPrecision(3));
  const what = contender === "tiercache" ? "" : `${contender}: `;
  return figure === undefined ? `${what}≤ ${bound} × the floor` : `${what}${figure} ≤ ${bound}`;
}
