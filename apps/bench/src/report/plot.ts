import type { Measurement } from "../rounds.ts";
import { figureText, ratioText } from "./figure-text.ts";
import type { CaseResult } from "./report.ts";

const WIDTH = 720;
const NAMES = 230;
const FIGURES = 190;
const ROW = 24;

/**
 * A case as a picture: one bar a contender, from its best round's to its median's ratio in a darker tone, on a logarithmic scale in
 * which the floor is a line.
 */
export function plotOf({ measurements }: CaseResult): string {
  const ratios = measurements.map(({ ratio }) => ratio).filter((ratio) => Number.isFinite(ratio) && ratio > 0);
  const scale = scaleOf(Math.min(0.5, ...ratios), Math.max(2, ...ratios));
  const height = measurements.length * ROW + 8;
  const floor = `<line x1="${scale(1)}" y1="0" x2="${scale(1)}" y2="${height}" class="floor"/>`;
  const rows = measurements.map((measurement, row) => rowOf(measurement, row * ROW, scale));
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" width="${WIDTH}">${floor}${rows.join("")}</svg>`;
}

type Scale = (ratio: number) => number;

function scaleOf(least: number, most: number): Scale {
  const [from, to] = [Math.log(least / 1.2), Math.log(most * 1.1)];
  const room = WIDTH - NAMES - FIGURES;
  return (ratio) => Math.round(NAMES + ((Math.log(ratio) - from) / (to - from)) * room);
}

function rowOf({ contender, wrong, median, best, ratio, figures }: Measurement, y: number, scale: Scale): string {
  const label = `<text x="${NAMES - 8}" y="${y + 16}" class="name">${escaped(contender)}</text>`;
  if (wrong !== undefined) return `${label}<text x="${NAMES + 4}" y="${y + 16}" class="wrong">${escaped(wrong)}</text>`;
  const [[name, value] = ["", Number.NaN]] = Object.entries(figures);
  const text = escaped(`${figureText(name, value)}${Number.isFinite(ratio) ? `, ${ratioText(ratio)} ×` : ""}`);
  const figure = `<text x="${WIDTH - FIGURES + 8}" y="${y + 16}">${text}</text>`;
  if (!Number.isFinite(ratio) || ratio <= 0) return label + figure;
  const [atBest, atMedian] = [Math.max(NAMES, scale((ratio * best) / median)), scale(ratio)];
  const kind = contender.startsWith("tiercache") ? "bar own" : "bar";
  const bar = `<rect x="${NAMES}" y="${y + 4}" width="${Math.max(1, atMedian - NAMES)}" height="${ROW - 8}" class="${kind}"/>`;
  const toBest = `<rect x="${atBest}" y="${y + 4}" width="${Math.max(1, atMedian - atBest)}" height="${ROW - 8}" class="best"/>`;
  return label + bar + toBest + figure;
}

/** Text that means in HTML what it says. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
