import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
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
const aptDeadlineMs = 120_000;
const execute = promisify(execFile);

/**
 * Unpacks a server, with the libraries this machine lacks, from the packages of Debian or Ubuntu. Needs no root,
 * installs and starts nothing, and writes nowhere but beside `into`. Two at once do not disturb each other. Valkey comes
 * from Debian's backports where the release itself has none.
 *
 * @throws an `Error` of one line that says why it could not, and how to get a server otherwise
 */
export async function fetchRedisServer(options: FetchRedisOptions = {}): Promise<RedisBinary> {
  const into = options.into ?? defaultUnpacked(options.kind);
  const path = options.path ?? process.env["PATH"];
  const env = { ...process.env, PATH: path, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  try {
    await mkdir(dirname(into), { recursive: true });
    const folder = await mkdtemp(join(dirname(into), "incoming-redis-"));
    try {
      await new DebianPackages(folder, env).unpackServer(options.kind);
      return await moveInto(into, join(folder, "root"));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    const name = options.kind === "valkey" ? "Valkey" : "Redis";
    const message = `No ${name} server was found, and none could be fetched: ${reasonOf(error)}. ${howToGet(options.kind)}`;
    throw new Error(message, { cause: error });
  }
}

/** apt and dpkg working in a private folder, so that neither root nor the system's lists are needed. */
class DebianPackages {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  /** A list of sources in place of the system's. */
  #sources: string | undefined;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
  }

  async unpackServer(kind: RedisKind | undefined): Promise<void> {
    await mkdir(join(this.#folder, "lists/partial"), { recursive: true });
    try {
      await this.#unpackFirst(packages[kind ?? "either"]);
    } catch (error) {
      const source = kind === "valkey" ? await backportsSource() : undefined;
      if (source === undefined) throw error;
      await this.#addSource(source);
      await this.#unpackFirst(packages.valkey);
    }
  }

  async #unpackFirst(names: readonly string[]): Promise<void> {
    // One broken source among others fails the update: the reason to name, but only if it keeps us from the packages.
    let failure: unknown = await this.#apt("update").catch((error: unknown) => error);
    for (const name of names) {
      try {
        return await this.#unpack(name);
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }

  // Beside the system's own, which stay in force: dependencies come from there.
  async #addSource(source: string): Promise<void> {
    const known = await readFile("/etc/apt/sources.list", "utf8").catch(() => "");
    this.#sources = join(this.#folder, "sources.list");
    await writeFile(this.#sources, `${known}\n${source}\n`);
  }

  // Not `apt-get download`: this also brings the dependencies that the machine lacks, and no others.
  async #unpack(name: string): Promise<void> {
    const archives = join(this.#folder, name);
    await mkdir(join(archives, "partial"), { recursive: true });
    const download = ["install", "--download-only", "--no-install-recommends", "--yes", name];
    await this.#apt("-o", `Dir::Cache::archives=${archives}`, ...download);
    const root = join(this.#folder, "root");
    await rm(root, { recursive: true, force: true });
    for (const file of await readdir(archives)) {
      if (file.endsWith(".deb")) await execute("dpkg-deb", ["-x", join(archives, file), root], { env: this.#env });
    }
    if ((await unpackedServer(root)) === undefined)
      throw new Error(`the package ${name} is too old or does not run here`);
  }

  async #apt(...args: string[]): Promise<void> {
    const settings = [
      `Dir::State::lists=${join(this.#folder, "lists")}`,
      `Dir::Cache=${join(this.#folder, "cache")}`,
      "Debug::NoLocking=1",
      "APT::Sandbox::User=",
      "Acquire::Retries=1",
      "Acquire::http::Timeout=15",
      "Acquire::https::Timeout=15",
      // Without it a failed `update` is a warning, and the real reason is lost.
      "APT::Update::Error-Mode=any",
    ];
    if (this.#sources !== undefined) settings.push(`Dir::Etc::sourcelist=${this.#sources}`);
    const options = settings.flatMap((setting) => ["-o", setting]);
    await execute("apt-get", ["-qq", ...options, ...args], { env: this.#env, timeout: aptDeadlineMs });
  }
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

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ENOENT") return "this is not a Debian or Ubuntu with apt-get and dpkg-deb";
  // apt repeats itself once per source and mirror: its first complaint says it.
  const complaint = "stderr" in error ? /^[EW]: (.+)$/m.exec(String(error.stderr))?.[1] : undefined;
  return (complaint ?? error.message.split("\n", 1)[0] ?? "").trim().replace(/\.$/, "");
}
