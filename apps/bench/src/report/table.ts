import type { Measurement } from "../rounds.ts";
import { figureText, ratioText } from "./figure-text.ts";
import { goalText } from "./goal-results.ts";
import type { CaseResult } from "./report.ts";

/** What a case has come to, for a terminal. */
export function tableOf({ name, title, measurements, goals }: CaseResult): string {
  const lines = measurements.map((measurement) => `  ${rowOf(measurement)}`);
  const bounds = goals.map((goal) => `  ${goal.isReached ? "reached" : "NOT REACHED"}: ${goalText(goal)}`);
  return [`${title}  [${name}]`, ...lines, ...bounds, ""].join("\n");
}

function rowOf({ contender, wrong, best, ratio, spread, figures }: Measurement): string {
  const name = contender.padEnd(38);
  if (wrong !== undefined) return `${name} ${wrong}: not measured`;
  const [[first, value] = ["", Number.NaN], ...others] = Object.entries(figures);
  const also = others.map((figure) => figureText(...figure)).join(", ");
  const part = `${ratioText(ratio).padStart(6)} ×  best ${figureText(first, best).padStart(10)}  ±${Math.round(spread * 50)} %`;
  return `${name}${figureText(first, value).padStart(16)} ${part}  ${also}`.trimEnd();
}
