import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FaketimeOptions, faketimeLibrary } from "./faketime.ts";

/** Servers bring jemalloc, which asks for the time while libfaketime, on being asked for it the first time, asks for memory. */
const PLAIN_MALLOC = "libc_malloc_debug.so.0";

/** The date of servers that are started in its environment: it can be set while they run. Their timers are not touched. */
export class ServerDate implements AsyncDisposable {
  /** For {@link StartRedisOptions.environment}. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #file: string;

  private constructor(library: string, folder: string) {
    this.#folder = folder;
    this.#file = join(folder, "date");
    this.environment = {
      LD_PRELOAD: `${library}:${PLAIN_MALLOC}`,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
      FAKETIME_DISABLE_SHM: "1",
    };
  }

  /** The machine's date, until it is set. @throws (rejects) where there is no libfaketime and none can be fetched */
  static async open(options?: FaketimeOptions): Promise<ServerDate> {
    const library = await faketimeLibrary(options);
    const date = new ServerDate(library, await mkdtemp(join(tmpdir(), "tiercache-date-")));
    await date.set(0);
    return date;
  }

  /** From now on it is so many seconds ahead of the machine's, or behind it. */
  async set(offsetSeconds: number): Promise<void> {
    // At once: half a line would be another date.
    await writeFile(`${this.#file}.new`, `${offsetSeconds < 0 ? "-" : "+"}${Math.abs(offsetSeconds)}\n`);
    await rename(`${this.#file}.new`, this.#file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
