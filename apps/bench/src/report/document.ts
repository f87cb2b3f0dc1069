import { fileURLToPath } from "node:url";
import { markdownOf } from "./markdown.ts";
import type { Report } from "./report.ts";

/** Where the figures are written down. */
export const documentPath = fileURLToPath(new URL("../../../../docs/benchmarks.md", import.meta.url));

const BEGIN = "<!-- figures: begin; written by `pnpm bench --write` -->";
const END = "<!-- figures: end -->";

/**
 * The document with another report between its markers.
 *
 * @throws an `Error` where the markers are not there
 */
export function withReport(document: string, report: Report): string {
  const { before, after } = aroundFigures(document);
  const names = report.results.map(({ name }) => name).join(" ");
  return `${before}${BEGIN}\n<!-- cases: ${names} -->\n\n${markdownOf(report)}\n\n${END}${after}`;
}

/** The names of the cases whose figures stand in the document. */
export function casesIn(document: string): readonly string[] {
  const { figures } = aroundFigures(document);
  const names = /<!-- cases: (.*?) -->/.exec(figures)?.[1];
  return names === undefined || names === "" ? [] : names.split(" ");
}

function aroundFigures(document: string): {
  readonly before: string;
  readonly figures: string;
  readonly after: string;
} {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`The document has no place for figures: ${BEGIN} … ${END}`);
  return {
    before: document.slice(0, begin),
    figures: document.slice(begin, end),
    after: document.slice(end + END.length),
  };
}
