import { runQuietly } from "./command.mjs";
import { SetupFailure, say } from "./messages.mjs";

/**
 * What must hold besides the tests, each a script run by Node: add a check by adding a line.
 *
 * @type {readonly { readonly name: string, readonly script: string, readonly args: readonly string[] }[]}
 */
const checks = [
  { name: "types", script: "node_modules/turbo/bin/turbo", args: ["run", "typecheck", "--output-logs=errors-only"] },
  { name: "lint", script: "tooling/lint/check.mjs", args: [] },
];

/**
 * Runs all checks, or the named ones, and stops at the first that fails.
 *
 * @param {import("./workspace.mjs").Workspace} workspace
 * @param {readonly string[]} names
 */
export async function runChecks({ node, env }, names = []) {
  const unknown = names.find((name) => !checks.some((check) => check.name === name));
  if (unknown !== undefined) {
    throw new SetupFailure(`There is no check ${unknown}; one of ${checks.map(({ name }) => name).join(", ")}`);
  }
  for (const { name, script, args } of checks.filter((check) => names.length === 0 || names.includes(check.name))) {
    say(`checking ${name}`);
    const { status, output } = await runQuietly([node, script, ...args], { env });
    if (status === 0) continue;
    process.stderr.write(output);
    throw new SetupFailure(`The check "${name}" failed. To repeat it: npm run check -- ${name}`);
  }
}
