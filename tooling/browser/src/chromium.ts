import { execFile } from "node:child_process";
import { access, constants, readdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** A Chromium that runs on this machine. */
export interface Chromium {
  /** The executable, absolute. */
  readonly path: string;
  readonly version: string;
  /** What it needs in its environment; those of the process where it is installed. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What to do where no browser can be had, in one line. */
export const howToGetChromium: string =
  "Debian: apt-get install chromium; elsewhere: any Chromium or Chrome, its path in TIERCACHE_CHROMIUM.";

/** The folder that Debian's packages are unpacked into unless told otherwise. */
export const defaultUnpacked: string = join(import.meta.dirname, "../../../.toolchain/chromium");

const installed = ["chromium", "chromium-headless-shell", "chromium-browser", "google-chrome"];
const execute = promisify(execFile);

/** The one in `TIERCACHE_CHROMIUM`, on the `PATH`, or unpacked; the first that runs. Never downloads. */
export async function findChromium(): Promise<Chromium | undefined> {
  const named = process.env["TIERCACHE_CHROMIUM"];
  if (named !== undefined && named !== "") return chromiumAt(named);
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of folders) {
    for (const name of installed) {
      const found = await chromiumAt(join(folder, name));
      if (found !== undefined) return found;
    }
  }
  return unpackedChromium(defaultUnpacked);
}

/** The one in a folder that Debian's packages have been unpacked into, if it is there and runs. */
export async function unpackedChromium(root: string): Promise<Chromium | undefined> {
  const libraries = await foldersOfLibraries(join(root, "usr/lib"));
  if (libraries.length === 0) return undefined;
  const environment = { LD_LIBRARY_PATH: libraries.join(delimiter), ...(await fontsFor(root)) };
  for (const name of ["chromium-headless-shell", "chromium"]) {
    const found = await chromiumAt(join(root, "usr/lib/chromium", name), environment);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function chromiumAt(path: string, more: Readonly<Record<string, string>> = {}): Promise<Chromium | undefined> {
  const known = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const environment = { ...(Object.fromEntries(known) as Record<string, string>), ...more };
  try {
    await access(path, constants.X_OK);
    const { stdout } = await execute(path, ["--version"], { env: environment, timeout: 20_000 });
    const version = /\d+(?:\.\d+)+/.exec(stdout)?.[0];
    return version === undefined ? undefined : { path, version, environment };
  } catch {
    // Not there, or for another machine: the next place may have one.
    return undefined;
  }
}

/** Each folder below that holds a shared library. */
async function foldersOfLibraries(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found = entries.filter(({ name }) => /\.so(\.|$)/.test(name)).map(({ parentPath }) => parentPath);
  return [...new Set(found)];
}

/** Without fonts there is no text on any screenshot, and a machine without a desktop may have none. */
async function fontsFor(root: string): Promise<Readonly<Record<string, string>>> {
  try {
    await access("/etc/fonts/fonts.conf");
    return {};
  } catch {
    const path = join(root, "fonts.conf");
    await writeFile(path, fontsOf(root)).catch(() => {});
    return { FONTCONFIG_FILE: path };
  }
}

function fontsOf(root: string): string {
  const folders = ["/usr/share/fonts", join(root, "usr/share/fonts")].map((folder) => `  <dir>${folder}</dir>`);
  const cache = `  <cachedir>${join(root, "fonts-cache")}</cachedir>`;
  const family = '<edit name="family" mode="append" binding="strong"><string>DejaVu Sans</string></edit>';
  const otherwise = `  <match target="pattern">${family}</match>`;
  return ['<?xml version="1.0"?>', "<fontconfig>", ...folders, cache, otherwise, "</fontconfig>", ""].join("\n");
}
