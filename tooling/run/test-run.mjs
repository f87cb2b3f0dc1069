import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { handOver } from "./command.mjs";
import { say } from "./messages.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Runs the tests and closes with a line of counts, alone and last on stdout, for people and programs alike.
 *
 * @param {import("./workspace.mjs").Workspace} workspace
 * @param {readonly string[]} args for the test runner
 * @returns {Promise<number>} the exit code
 */
export async function runTests({ node, env }, args) {
  const folder = mkdtempSync(join(tmpdir(), "tiercache-tests-"));
  const report = join(folder, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    // Tests start hundreds of processes that load the same sources: each of them is compiled once.
    const compiled = { NODE_COMPILE_CACHE: join(folder, "compiled"), ...env };
    const runner = [node, "node_modules/vitest/vitest.mjs", "run", ...reporters, ...args];
    const status = await handOver(runner, { env: compiled });
    const counts = countsOf(existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined, status);
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
    return status === 0 && counts.failed > 0 ? 1 : status;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Never 0 failed for a run that failed: what went wrong outside of a test counts as a failure, and is named.
 *
 * @param {any} report as vitest's json reporter writes it; `undefined` where the runner did not get that far
 * @param {number} status the runner's exit code
 * @returns {Counts}
 */
export function countsOf(report, status) {
  if (report === undefined) {
    say(`the test runner ended with code ${status} and reported nothing: counted as one failure`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const unrun = report.testResults.filter(failedOutsideOfTests);
  for (const { name } of unrun) say(`failed outside of its tests, counted as one failure: ${name}`);
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unrun.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  if (status === 0 || counts.failed > 0) return counts;
  say(`the test runner ended with code ${status} though no test failed (see above): counted as one failure`);
  return { ...counts, failed: 1 };
}

/**
 * A file that could not be loaded, or whose set-up failed.
 *
 * @param {{ status: string, assertionResults: readonly { status: string }[] }} file
 */
function failedOutsideOfTests({ status, assertionResults }) {
  return status === "failed" && !assertionResults.some((result) => result.status === "failed");
}
