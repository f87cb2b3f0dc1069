import type { DayReport } from "./day-run.ts";
import { percent } from "./figures.ts";
import { type Html, html } from "./html.ts";
import { inWords } from "./namespace-words.ts";

const width = 980;
const rowHeight = 34;
const nameWidth = 180;
/** The hit rate at the left edge: below it nothing differs that matters. */
const from = 0.7;

/** The hit rates of each namespace as points, one a law, and its target as a line. */
export function targetPlot(days: readonly DayReport[]): Html {
  const names = days[0]?.targets.map(({ namespace }) => namespace) ?? [];
  const x = (rate: number): number => nameWidth + (Math.max(0, rate - from) / (1 - from)) * (width - nameWidth - 30);
  const rows = names.map((name, index) => {
    const middle = index * rowHeight + 17;
    const own = days.flatMap(({ zipfExponent, targets }) => {
      const target = targets.find(({ namespace }) => namespace === name);
      const rate = target?.hitRate ?? null;
      return target === undefined || rate === null ? [] : [{ zipfExponent, rate, target: target.target }];
    });
    const target = own[0]?.target ?? 1;
    const points = own.map(
      ({ zipfExponent, rate }, law) =>
        html`<circle class="law-${law}" cx="${x(rate).toFixed(1)}" cy="${middle}" r="6"><title>${name}, exponent ${zipfExponent}: ${percent(rate)}</title></circle>`,
    );
    return html`<text x="0" y="${middle + 4}">${inWords(name)}</text>
      <line class="grid" x1="${nameWidth}" x2="${width}" y1="${middle}" y2="${middle}"/>
      <line class="target" x1="${x(target).toFixed(1)}" x2="${x(target).toFixed(1)}" y1="${middle - 12}" y2="${middle + 12}"/>
      ${points}`;
  });
  const height = names.length * rowHeight + 20;
  const ticks = [0.7, 0.8, 0.9, 1].map(
    (rate) => html`<text class="tick" x="${x(rate).toFixed(1)}" y="${height - 4}">${percent(rate)}</text>`,
  );
  const laws = days.map(
    ({ zipfExponent }, law) => html`<span><i class="law-${law}"></i>exponent ${zipfExponent}</span>`,
  );
  return html`<figure class="wide">
    <figcaption>Hit rates of the second half of a day, and the targets <span class="legend">${laws}<span><b></b>target</span></span></figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Hit rates by namespace; the table has the figures">${rows}${ticks}</svg>
  </figure>`;
}
