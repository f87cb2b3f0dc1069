import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a package's manifest says of what it needs and what it publishes. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
}

/** What is installed for some packages. */
export interface Installed {
  readonly bytes: number;
  /** How many packages, with all that they need. */
  readonly packages: number;
}

const here = dirname(fileURLToPath(import.meta.url));

/** The size of the files of packages and of all that they depend on, each of them once; optional ones are left out. */
export function installedFiles(names: readonly string[]): Installed {
  const folders = new Set<string>();
  const add = (name: string, from: string): void => {
    const folder = folderOf(name, from);
    if (folder === undefined || folders.has(folder)) return;
    folders.add(folder);
    for (const dependency of Object.keys(manifestIn(folder).dependencies ?? {})) add(dependency, folder);
  };
  for (const name of names) add(name, here);
  return { bytes: [...folders].reduce((sum, folder) => sum + publishedBytes(folder), 0), packages: folders.size };
}

/** The release of a package that is installed here; of what only another package of ours has, by way of that. */
export function versionOf(name: string): string {
  const folder = folderOf(name, here);
  return folder === undefined ? "not installed" : manifestIn(folder).version;
}

function folderOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
    if (dirname(folder) === folder) break;
  }
  // What a peer needs in another release than ours lies behind a package of its own.
  const own = join(here, "../peers", name);
  return from === own || !existsSync(own) ? undefined : folderOf(name, own);
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** A package of this workspace has more in its folder than it publishes. */
function publishedBytes(folder: string): number {
  if (folder.includes("node_modules")) return bytesIn(folder);
  const { files = [] } = manifestIn(folder);
  return ["package.json", "README.md", ...files].reduce((sum, file) => sum + bytesIn(join(folder, file)), 0);
}

function bytesIn(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + (name === "node_modules" ? 0 : bytesIn(join(path, name))), 0);
}
