import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./command.mjs";
import { complaintIn, SetupFailure, say } from "./messages.mjs";
import { root } from "./places.mjs";

const stampFile = join(root, "node_modules/.set-up");
const installed = "node_modules/.pnpm/lock.yaml";

/**
 * Installs what the lockfile says, unless `node_modules` is in step with it already.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export async function ensureDependencies(env) {
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === currentStamp()) return;
  say("installing dependencies (pnpm install)");
  // With NODE_ENV=production the tools would be missing. And no question about a `node_modules` that npm made.
  const settings = [
    "--frozen-lockfile",
    "--reporter=append-only",
    "--prod=false",
    "--config.confirmModulesPurge=false",
  ];
  const shell = process.platform === "win32";
  const { status, output } = await runQuietly(["pnpm", "install", ...settings], { env, shell });
  if (status !== 0) {
    const byHand = "node tooling/run.mjs pnpm install";
    throw new SetupFailure(`The dependencies could not be installed: ${complaintIn(output)}. By hand: ${byHand}`);
  }
  writeFileSync(stampFile, currentStamp());
}

/**
 * Changes with everything that decides what is installed, and with what is: an install by hand on another branch leaves
 * another lockfile in `node_modules`.
 */
function currentStamp() {
  const folders = workspaceFolders();
  const manifests = folders.map((folder) => join(folder, "package.json"));
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", installed, ...manifests]) {
    hash.update(`\n${file}\n`).update(existsSync(join(root, file)) ? readFileSync(join(root, file)) : "");
  }
  for (const folder of folders) hash.update(String(existsSync(join(root, folder, "node_modules"))));
  return hash.digest("hex");
}

// The list of `packages` in pnpm-workspace.yaml, as far as this workspace uses it: folders, and `folder/*`.
function workspaceFolders() {
  const [, list] = /^packages:\n((?: +- .*\n)+)/m.exec(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8")) ?? [];
  const patterns = [...(list ?? "").matchAll(/- ["']?([^"'\n]+)/g)].map(([, pattern]) => pattern);
  return patterns.flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const parent = pattern.slice(0, -2);
    if (!existsSync(join(root, parent))) return [];
    return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
  });
}
