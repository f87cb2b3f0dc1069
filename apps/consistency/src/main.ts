/*
 * pnpm consistency --seconds 30 --seed 1 [--fault all|none|…] [--server redis|valkey]: one run, and what has come of it.
 * Exits with 1 if anything does not hold, or if the run has proved nothing.
 */
import { holds, reportOf } from "./report/report.ts";
import { settingsOf } from "./settings.ts";
import { verdictOn } from "./verdict.ts";

try {
  const settings = settingsOf(process.argv.slice(2).filter((each) => each !== "--"));
  const verdict = await verdictOn(settings);
  process.stdout.write(reportOf(verdict));
  process.exitCode = holds(verdict) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
