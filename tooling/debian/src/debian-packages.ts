import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Where apt and dpkg work. */
export interface DebianPackagesOptions {
  /** A folder of one's own, for all that they write. */
  readonly folder: string;
  /** Where `apt-get` and `dpkg-deb` are, written as in `PATH`; `@defaultValue` the environment's `PATH` */
  readonly path?: string | undefined;
  /** How long one call may take, in ms; `@defaultValue` 120_000 */
  readonly deadlineMs?: number | undefined;
}

const execute = promisify(execFile);

/** apt and dpkg working in a private folder, so that neither root nor the system's lists are needed. */
export class DebianPackages {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #deadlineMs: number;
  /** A list of sources in place of the system's. */
  #sources: string | undefined;

  constructor({ folder, path = process.env["PATH"], deadlineMs = 120_000 }: DebianPackagesOptions) {
    this.#folder = folder;
    this.#env = { ...process.env, PATH: path, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
    this.#deadlineMs = deadlineMs;
  }

  /** Learns what there is. @throws (rejects) for a single source that does not answer */
  async update(): Promise<void> {
    await mkdir(join(this.#folder, "lists/partial"), { recursive: true });
    await this.#apt("update");
  }

  /** One more source, as a line of `sources.list`, beside the system's own: dependencies come from there. */
  async addSource(source: string): Promise<void> {
    const known = await readFile("/etc/apt/sources.list", "utf8").catch(() => "");
    this.#sources = join(this.#folder, "sources.list");
    await writeFile(this.#sources, `${known}\n${source}\n`);
  }

  /**
   * Unpacks packages into a folder that is emptied first, with the dependencies that the machine lacks, and no others.
   *
   * @throws (rejects) where one of them does not exist, or could not be brought here
   */
  async unpack(names: readonly string[], root: string): Promise<void> {
    const archives = join(this.#folder, names.join("+"));
    await mkdir(join(archives, "partial"), { recursive: true });
    // Not `apt-get download`, which brings no dependencies.
    const download = ["install", "--download-only", "--no-install-recommends", "--yes", ...names];
    await this.#apt("-o", `Dir::Cache::archives=${archives}`, ...download);
    await rm(root, { recursive: true, force: true });
    for (const file of await readdir(archives)) {
      if (file.endsWith(".deb")) await execute("dpkg-deb", ["-x", join(archives, file), root], { env: this.#env });
    }
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
    await execute("apt-get", ["-qq", ...options, ...args], { env: this.#env, timeout: this.#deadlineMs });
  }
}

/** Why a package could not be had, in one line without an end. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ENOENT") return "this is not a Debian or Ubuntu with apt-get and dpkg-deb";
  // apt repeats itself once per source and mirror: its first complaint says it.
  const complaint = "stderr" in error ? /^[EW]: (.+)$/m.exec(String(error.stderr))?.[1] : undefined;
  return (complaint ?? error.message.split("\n", 1)[0] ?? "").trim().replace(/\.$/, "");
}
