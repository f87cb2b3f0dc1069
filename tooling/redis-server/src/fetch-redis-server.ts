import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
// By its path: a server is fetched while the dependencies are being installed.
import { DebianPackages, reasonOf } from "../../debian/src/index.ts";
import { backportsSource } from "./debian-backports.ts";
import { defaultUnpacked, howToGet, type RedisBinary, type RedisKind, unpackedServer } from "./redis-binary.ts";

/** How to fetch. */
export interface FetchRedisOptions {
  /** Which server; `@defaultValue` Redis, or Valkey where there is no Redis */
  readonly kind?: RedisKind;
  /** The folder the packages are unpacked into; `@defaultValue` `.toolchain/redis` or `.toolchain/valkey` */
  readonly into?: string;
  /** Where `apt-get` and `dpkg-deb` are, written as in `PATH`; `@defaultValue` the environment's `PATH` */
  readonly path?: string;
}

const packages = { redis: ["redis-server"], valkey: ["valkey-server"], either: ["redis-server", "valkey-server"] };

/**
 * Unpacks a server, with the libraries this machine lacks, from the packages of Debian or Ubuntu. Needs no root,
 * installs and starts nothing, and writes nowhere but beside `into`. Two at once do not disturb each other. Valkey comes
 * from Debian's backports where the release itself has none.
 *
 * @throws an `Error` of one line that says why it could not, and how to get a server otherwise
 */
export async function fetchRedisServer(options: FetchRedisOptions = {}): Promise<RedisBinary> {
  const into = options.into ?? defaultUnpacked(options.kind);
  try {
    await mkdir(dirname(into), { recursive: true });
    const folder = await mkdtemp(join(dirname(into), "incoming-redis-"));
    try {
      const root = join(folder, "root");
      await unpackServer(new DebianPackages({ folder, path: options.path }), root, options.kind);
      return await moveInto(into, root);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    const name = options.kind === "valkey" ? "Valkey" : "Redis";
    const message = `No ${name} server was found, and none could be fetched: ${reasonOf(error)}. ${howToGet(options.kind)}`;
    throw new Error(message, { cause: error });
  }
}

async function unpackServer(debian: DebianPackages, root: string, kind: RedisKind | undefined): Promise<void> {
  try {
    await unpackFirst(debian, root, packages[kind ?? "either"]);
  } catch (error) {
    const source = kind === "valkey" ? await backportsSource() : undefined;
    if (source === undefined) throw error;
    await debian.addSource(source);
    await unpackFirst(debian, root, packages.valkey);
  }
}

async function unpackFirst(debian: DebianPackages, root: string, names: readonly string[]): Promise<void> {
  // One broken source among others fails the update: the reason to name, but only if it keeps us from the packages.
  let failure: unknown = await debian.update().catch((error: unknown) => error);
  for (const name of names) {
    try {
      await debian.unpack([name], root);
      if ((await unpackedServer(root)) !== undefined) return;
      throw new Error(`the package ${name} is too old or does not run here`);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

// Renaming is all or nothing. A folder in the way is the result of another run, or broken and to be replaced.
async function moveInto(into: string, root: string): Promise<RedisBinary> {
  try {
    await rename(root, into);
  } catch (error) {
    const theirs = await unpackedServer(into);
    if (theirs !== undefined) return theirs;
    await rm(into, { recursive: true, force: true });
    await rename(root, into).catch(() => Promise.reject(error));
  }
  const binary = await unpackedServer(into);
  if (binary === undefined) throw new Error(`the server unpacked into ${into} does not run`);
  return binary;
}
