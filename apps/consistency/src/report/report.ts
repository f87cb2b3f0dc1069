import type { History } from "../history/history.ts";
import type { Violation } from "../judge/invariant.ts";
import type { Finding } from "../judge/judge.ts";
import { staleReadsOf } from "../judge/stale-read.ts";
import type { Activity } from "../judge/vacuity.ts";
import { explanationOf, lineOf } from "./explanation.ts";

/** What has come of a run. */
export interface Verdict {
  readonly history: History;
  readonly findings: readonly Finding[];
  readonly activity: Activity;
  /** Why it has proved nothing. */
  readonly vacuous: readonly string[];
}

/** Whether everything held, and that was worth something. */
export function holds({ findings, vacuous }: Pick<Verdict, "findings" | "vacuous">): boolean {
  return vacuous.length === 0 && findings.every(({ violations }) => violations.length === 0);
}

/** A verdict for people. */
export function reportOf(verdict: Verdict): string {
  const { activity, vacuous } = verdict;
  const faults = [...activity.faults].map(([fault, times]) => `${fault} ${times}`).join(", ");
  const lines = [
    `reads ${activity.reads}: local hits ${activity.localHits}, remote hits ${activity.remoteHits}, flagged ${activity.flagged}`,
    `loads ${activity.loads}, of which fenced off ${activity.fenced}`,
    `changes ${activity.changes}: queued ${activity.queued}, probes ${activity.probesChanged}`,
    `tags ended ${activity.tagsEnded}, cleared ${activity.cleared}, held off ${activity.heldOff}; hits of what goes with a tag ${activity.taggedHits}`,
    `locks ${activity.locks}, of which lost ${activity.locksLost}`,
    `gaps of the bus ${activity.gaps}; faults: ${faults === "" ? "none" : faults}`,
    stalenessOf(verdict.history),
    ...verdict.findings.map(
      ({ invariant, violations }) =>
        `${invariant.id.padEnd(4)}${`${violations.length}`.padStart(6)}  ${invariant.says}`,
    ),
    ...vacuous.map((why) => `proves nothing: ${why}`),
    ...firstOf(verdict),
  ];
  return `${lines.join("\n")}\n`;
}

function stalenessOf(history: History): string {
  const stale = staleReadsOf(history);
  const above = (ms: number): number => stale.filter(({ ageMs }) => ageMs > ms).length;
  const worst = stale.reduce((most, { ageMs }) => Math.max(most, ageMs), 0);
  const { stalenessMs } = history.bounds;
  const counts = [0, 50, 200, stalenessMs].map((ms) => `> ${ms} ms ${above(ms)}`).join(", ");
  return `reads older than an acknowledged change: ${counts}; the most ${Math.round(worst)} ms`;
}

function firstOf({ findings, history }: Verdict): readonly string[] {
  let first: { readonly id: string; readonly violation: Violation } | undefined;
  for (const { invariant, violations } of findings) {
    for (const violation of violations) {
      if (first === undefined || violation.at < first.violation.at) first = { id: invariant.id, violation };
    }
  }
  if (first === undefined) return [];
  const { id, violation } = first;
  const events = explanationOf(violation, history);
  return [``, `the first, of ${id}: ${violation.what}`, ...events.map((event) => lineOf(event, history.beganAt))];
}
