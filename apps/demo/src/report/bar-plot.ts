import { type Html, html } from "./html.ts";

/** One bar. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** What stands beside it. */
  readonly text: string;
  /** How it looks: a class of the page's style. */
  readonly tone: string;
}

/** How bars are drawn. */
export interface BarPlotOptions {
  readonly title: string;
  /** Whether each step to the right is ten times as much: for times that differ by thousands. @defaultValue false */
  readonly isLogarithmic?: boolean;
}

const width = 330;
const rowHeight = 26;
const nameWidth = 56;
const textWidth = 126;

/** Bars below one another, each with its name and its figure, so that it can be read without seeing it too. */
export function barPlot(bars: readonly Bar[], { title, isLogarithmic = false }: BarPlotOptions): Html {
  const scale = scaleOf(bars, isLogarithmic);
  const rows = bars.map(({ name, value, text, tone }, index) => {
    const y = index * rowHeight;
    const length = Math.max(1, scale(value) * (width - nameWidth - textWidth));
    return html`<g transform="translate(0 ${y})">
      <text x="0" y="17">${name}</text>
      <rect class="${tone}" x="${nameWidth}" y="5" width="${length.toFixed(1)}" height="16" rx="3"/>
      <text class="figure" x="${(nameWidth + length + 8).toFixed(1)}" y="17">${text}</text>
    </g>`;
  });
  const spoken = bars.map(({ name, text }) => `${name}: ${text}`).join("; ");
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${width} ${bars.length * rowHeight}" role="img" aria-label="${title}. ${spoken}">${rows}</svg>
  </figure>`;
}

/** From a value to the part of the width that its bar takes. */
function scaleOf(bars: readonly Bar[], isLogarithmic: boolean): (value: number) => number {
  const values = bars.map(({ value }) => value).filter((value) => value > 0);
  const most = Math.max(...values, Number.MIN_VALUE);
  if (!isLogarithmic) return (value) => value / most;
  // Half a step below the least, so that it has a bar too.
  const least = Math.min(...values, most) / 3;
  return (value) => (value <= least ? 0 : Math.log(value / least) / Math.log(most / least));
}
