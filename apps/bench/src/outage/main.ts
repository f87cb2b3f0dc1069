import { type Figure, faults, neverReachable, outage } from "./outage.ts";

function print({ what, value, below, unit }: Figure): void {
  const shown = `${value.toFixed(unit === "" ? 0 : 2)} ${unit}`.trim();
  const bound = below === Number.POSITIVE_INFINITY ? "the floor" : `below ${below} ${unit}`.trim();
  process.stdout.write(
    `  ${what.padEnd(48)}${shown.padStart(12)}   ${bound.padEnd(14)}${value < below ? "" : "  NOT HELD"}\n`,
  );
}

process.stdout.write("Redis away for 3 s at 100 requests a second\n");
const figures: Figure[] = [];
// The first outage of a process pays for the compilation of what it is the first to run.
for (const fault of faults.slice(0, 1)) await outage(fault);
for (const fault of faults) figures.push(...(await outage(fault)));
figures.push(...(await neverReachable()));
for (const figure of figures) print(figure);
if (figures.some(({ value, below }) => !(value < below))) process.exitCode = 1;
