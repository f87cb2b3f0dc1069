import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InstanceReady } from "../../src/live/instance-process.ts";
import { ensureDataFolder } from "../../src/origin/data-folder.ts";

/** The token of the demo that is started here. */
export const token = "correct-horse-battery-staple";

const main = join(import.meta.dirname, "../../src/main.ts");
const smallWorld = { seed: 1, jobCount: 400, userCount: 60 };

/** The demo as a process of its own, over little data, with a Redis of its own. It ends with the process that has started it. */
export class DemoProcess implements AsyncDisposable {
  readonly address: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(address: string, child: ChildProcess, folder: string) {
    this.address = address;
    this.#child = child;
    this.#folder = folder;
  }

  /** @throws (rejects) where it ends before it serves */
  static async start(args: readonly string[]): Promise<DemoProcess> {
    const folder = await mkdtemp(join(tmpdir(), "tiercache-page-test-"));
    const { path } = await ensureDataFolder({ ...smallWorld, root: folder });
    const inherited = Object.entries(process.env).filter(([name]) => !/^(CACHE_|TIERCACHE_REDIS_URL|DEMO_)/.test(name));
    const env = {
      ...Object.fromEntries(inherited),
      CACHE_PROFILE: "production",
      DEMO_DATA_FOLDER: path,
      ENRICHMENT_FAILURE_RATE: "0",
      MANAGEMENT_TOKEN: token,
      MODEL_LATENCY_MS: "1",
    };
    const execArgv = ["--conditions=@tiercache/source"];
    const child = fork(main, ["--serve", "--port", "0", ...args], {
      env,
      execArgv,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let said = "";
    child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
    const ended = once(child, "exit").then(() => Promise.reject(new Error(`The demo ended before it served: ${said}`)));
    const [ready] = (await Promise.race([once(child, "message"), ended])) as [InstanceReady];
    ended.catch(() => {});
    return new DemoProcess(ready.address, child, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
