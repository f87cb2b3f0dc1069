import { fileURLToPath } from "node:url";
import { markdownOf } from "./markdown.ts";
import { markedDocument } from "./marked-document.ts";
import type { Report } from "./report.ts";

/** Where the figures are written down. */
export const documentPath = fileURLToPath(new URL("../../../../docs/benchmarks.md", import.meta.url));

/**
 * The document with another report in it.
 *
 * @throws an `Error` where it has no place for it
 */
export function withReport(document: string, report: Report): string {
  const names = report.results.map(({ name }) => name).join(" ");
  return markedDocument(document, "bench").with(`<!-- cases: ${names} -->\n\n${markdownOf(report)}\n`);
}

/** The names of the cases whose figures stand in the document. */
export function casesIn(document: string): readonly string[] {
  const names = /<!-- cases: (.*?) -->/.exec(markedDocument(document, "bench").figures)?.[1];
  return names === undefined || names === "" ? [] : names.split(" ");
}
