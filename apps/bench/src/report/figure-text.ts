/** One figure as people read it: `78 ns`, `61.2 µs`, `1 loads a key`. */
export function figureText(name: string, value: number): string {
  const unit = /^ns( of work)?$/.exec(name);
  if (unit === null) return `${rounded(value)} ${name}`;
  return `${timeText(value)}${unit[1] ?? ""}`;
}

function timeText(value: number): string {
  if (value >= 1_000_000) return `${rounded(value / 1_000_000)} ms`;
  return value >= 10_000 ? `${rounded(value / 1_000)} µs` : `${rounded(value)} ns`;
}

/** Three digits that count, and no more than people can tell apart. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return `${Number(value.toPrecision(3))}`;
}

/** A ratio to the floor: two digits behind the point, none where it is large. */
export function ratioText(ratio: number): string {
  if (!Number.isFinite(ratio)) return "–";
  return ratio >= 20 ? `${Math.round(ratio)}` : ratio.toFixed(2);
}
