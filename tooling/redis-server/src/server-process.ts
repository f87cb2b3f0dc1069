import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { environmentOf, type RedisBinary } from "./redis-binary.ts";
import { ask } from "./wire.ts";

/** What a server process is started with. */
export interface Launch {
  readonly binary: RedisBinary;
  readonly port: number;
  readonly folder: string;
  readonly args: readonly string[];
  /** Further variables of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What a Sentinel is to know, in lines of its configuration; without it the server is none. */
  readonly sentinel?: readonly string[];
}

/** The port is used by somebody else. */
export class PortTaken extends Error {}

const startDeadlineMs = 10_000;

/** One run of a server, from its start to its end. */
export class ServerProcess {
  readonly pid: number | undefined;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(launch: Launch) {
    const { binary, folder, environment } = launch;
    const log = openSync(logIn(folder), "w");
    // In a group of its own: a Ctrl-C that ends the program must not take the server away from under its last writes.
    this.#child = spawn(binary.path, argumentsOf(launch), {
      cwd: folder,
      detached: true,
      env: { ...environmentOf(binary.libraryFolders), ...environment },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.pid = this.#child.pid;
    this.#exited = once(this.#child, "exit").catch(() => {});
    this.#child.unref();
  }

  /** Comes back when this very process answers; rejects with what it had to say if it ends or stays silent. */
  async ready({ port, folder }: Launch): Promise<void> {
    const giveUpAt = Date.now() + startDeadlineMs;
    while (this.#isRunning() && Date.now() < giveUpAt) {
      // The pid tells it from a stranger that holds the port while ours is about to fail.
      const answers = await ask(port, ["PING", "INFO server"], 1_000).catch(() => "");
      if (answers.startsWith("+PONG") && answers.includes(`process_id:${this.pid}\r`)) return;
      await setTimeout(5);
    }
    await this.kill();
    const log = await readFile(logIn(folder), "utf8").catch(() => "");
    if (/address already in use/i.test(log)) throw new PortTaken(`Port ${port} is taken`);
    throw new Error(`The Redis server did not start: ${log.trim().split("\n").at(-1) ?? "it said nothing"}`);
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    if (this.#isRunning()) this.#child.kill(signal);
  }

  /** Ends it at once, as a power failure would. */
  async kill(): Promise<void> {
    if (!this.#isRunning()) return;
    this.#child.ref();
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  #isRunning(): boolean {
    return this.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }
}

function argumentsOf({ port, folder, args, sentinel }: Launch): readonly string[] {
  const own = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder];
  if (sentinel === undefined) return [...own, "--save", "", "--appendonly", "no", ...args];
  // A Sentinel keeps what it has learned in its file, and finds it there when it is started again.
  const file = join(folder, "sentinel.conf");
  if (!existsSync(file)) writeFileSync(file, `${sentinel.join("\n")}\n`);
  return [file, "--sentinel", ...own, ...args];
}

function logIn(folder: string): string {
  return join(folder, "server.log");
}
