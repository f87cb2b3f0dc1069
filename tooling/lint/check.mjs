#!/usr/bin/env node
/**
 * Lint, format, borders and lockfile of the whole workspace: `node tooling/lint/check.mjs`, or with `--write` to mend
 * what can be mended. Runs everything even when something fails; exits 1 if anything did.
 */
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { incompletePackages } from "./lockfile-platforms.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const write = process.argv.includes("--write");

/** @type {readonly { readonly what: string, readonly command: readonly string[] }[]} */
const checks = [
  { what: "lint", command: ["oxlint", "--type-aware", "--deny-warnings", ...(write ? ["--fix"] : [])] },
  { what: "format", command: ["biome", "check", ...(write ? ["--write"] : [])] },
  {
    what: "borders",
    command: ["depcruise", "--config", "tooling/lint/borders.mjs", "packages", "apps", "tooling", "tests"],
  },
];

const failed = [];
for (const { what, command } of checks) {
  const { status, stdout, stderr } = spawnSync("pnpm", ["exec", ...command], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status === 0) continue;
  failed.push(what);
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
}

const incomplete = incompletePackages(root);
if (incomplete.length > 0) {
  failed.push("lockfile");
  process.stderr.write(`pnpm-lock.yaml lacks binaries for some platforms:\n  ${incomplete.join("\n  ")}\n`);
}

if (failed.length > 0) {
  process.stderr.write(`Failed: ${failed.join(", ")}. Many things are mended by: npm run format\n`);
  process.exit(1);
}
