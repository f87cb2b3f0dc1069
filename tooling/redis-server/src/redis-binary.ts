import { execFile } from "node:child_process";
import { access, constants, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** Which of the two servers it is; they differ in name and version only as far as tiercache is concerned. */
export type RedisKind = "redis" | "valkey";

/** A server that runs on this machine and is new enough. */
export interface RedisBinary {
  /** The executable, absolute. */
  readonly path: string;
  readonly kind: RedisKind;
  readonly version: string;
  /** Folders of the shared libraries unpacked along with it; empty for an installed server. */
  readonly libraryFolders: readonly string[];
}

/** Where a server is looked for. */
export interface RedisPlaces {
  /** Folders of executables, written as in `PATH`; `@defaultValue` the environment's `PATH` */
  readonly path?: string;
  /** The folder Debian packages are unpacked into; `@defaultValue` `.toolchain/redis` or `.toolchain/valkey` */
  readonly unpacked?: string;
  /** Which of the two it must be; `@defaultValue` what `TIERCACHE_REDIS_KIND` says, else either */
  readonly kind?: RedisKind;
}

/** What to do where no server can be had, in one line. */
export function howToGet(kind?: RedisKind): string {
  if (kind === "valkey") {
    return "Debian: node tooling/redis-server/src/ensure.ts valkey; macOS: brew install valkey.";
  }
  return (
    "Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis; " +
    "anywhere: the URL of a running one in TIERCACHE_REDIS_URL."
  );
}

/** The folder Debian packages are unpacked into unless told otherwise. */
export function defaultUnpacked(kind: RedisKind = "redis"): string {
  return join(import.meta.dirname, "../../../.toolchain", kind);
}

/**
 * Which of the two servers the environment asks for; `undefined` for either.
 *
 * @throws an `Error` for anything but `redis`, `valkey` or nothing in `TIERCACHE_REDIS_KIND`
 */
export function wantedKind(): RedisKind | undefined {
  const kind = process.env["TIERCACHE_REDIS_KIND"];
  if (kind === undefined || kind === "") return undefined;
  if (kind !== "redis" && kind !== "valkey") {
    throw new Error(`TIERCACHE_REDIS_KIND is ${JSON.stringify(kind)}; allowed is redis or valkey.`);
  }
  return kind;
}

const names = ["redis-server", "valkey-server"];
const oldest = { major: 6, minor: 2 };
const run = promisify(execFile);

/**
 * The first server that runs here, is Redis 6.2 or newer, or Valkey, and is of the kind asked for: from `PATH`, else from
 * the unpacked packages. Never downloads. `undefined` on Windows, where neither server exists.
 */
export async function findRedisServer(places: RedisPlaces = {}): Promise<RedisBinary | undefined> {
  if (process.platform === "win32") return undefined;
  const kind = places.kind ?? wantedKind();
  const folders = (places.path ?? process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    for (const folder of folders) {
      const binary = await binaryAt(join(folder, name));
      if (binary !== undefined && isOfKind(binary, kind)) return binary;
    }
  }
  const unpacked = await unpackedServer(places.unpacked ?? defaultUnpacked(kind));
  return unpacked !== undefined && isOfKind(unpacked, kind) ? unpacked : undefined;
}

function isOfKind(binary: RedisBinary, kind: RedisKind | undefined): boolean {
  return kind === undefined || binary.kind === kind;
}

/** The server in a folder that Debian packages have been unpacked into, if it is there and runs. */
export async function unpackedServer(root: string): Promise<RedisBinary | undefined> {
  const libraryFolders = await librariesIn(join(root, "usr/lib"));
  for (const name of names) {
    const binary = await binaryAt(join(root, "usr/bin", name), libraryFolders);
    if (binary !== undefined) return binary;
  }
  return undefined;
}

/** The environment to run the server in: the process's own, with the unpacked libraries in front. */
export function environmentOf(libraryFolders: readonly string[]): NodeJS.ProcessEnv {
  if (libraryFolders.length === 0) return process.env;
  const known = process.env["LD_LIBRARY_PATH"];
  const path = known === undefined ? libraryFolders : [...libraryFolders, known];
  return { ...process.env, LD_LIBRARY_PATH: path.join(delimiter) };
}

// Debian keeps libraries in a folder per platform, such as usr/lib/x86_64-linux-gnu.
async function librariesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((entry) => entry.includes("-linux-")).map((entry) => join(folder, entry));
}

async function binaryAt(path: string, libraryFolders: readonly string[] = []): Promise<RedisBinary | undefined> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ["--version"], { env: environmentOf(libraryFolders), timeout: 10_000 });
    const [, product, major, minor, patch] = /^(Redis|Valkey) server v=(\d+)\.(\d+)\.(\S+)/.exec(stdout) ?? [];
    if (product === undefined || isTooOld(Number(major), Number(minor))) return undefined;
    const kind = product === "Valkey" ? "valkey" : "redis";
    return { path, kind, version: `${major}.${minor}.${patch}`, libraryFolders };
  } catch {
    // Not there, or for another machine: either way no server, and the next place may have one.
    return undefined;
  }
}

function isTooOld(major: number, minor: number): boolean {
  return major < oldest.major || (major === oldest.major && minor < oldest.minor);
}
