/** One column of a table: its heading, and which way its cells lean. */
export interface Column {
  readonly heading: string;
  /** @defaultValue "right": numbers */
  readonly lean?: "left" | "right";
}

/** Rows of text for a terminal, in columns as wide as they must be, under their headings and a rule. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const all = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string =>
    columns
      .map(({ lean }, index) => {
        const width = widths[index] ?? 0;
        const cell = row[index] ?? "";
        return lean === "left" ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  const [heading = "", ...body] = all.map(lineOf);
  return [heading, widths.map((width) => "─".repeat(width)).join("  "), ...body].join("\n");
}
