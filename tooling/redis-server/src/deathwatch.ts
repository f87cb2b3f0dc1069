import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/*
 * A server must not outlive the process that started it, not even when that process is killed with SIGKILL and can clean
 * up nothing. So a shell waits at the end of a pipe: the kernel closes the pipe however we die, and the shell then kills
 * the server and removes its folder. It is told the pid of the server at each start and an empty line at each end, and
 * ignores what a Ctrl-C sends to everybody.
 */
const script = `
trap "" INT TERM HUP
pid=
while read -r line; do pid=$line; done
[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
rm -rf "$0"
`;

/** Ends a server and removes its folder when the pipe to it closes: on {@link Deathwatch.end} or with this process. */
export class Deathwatch {
  readonly #shell: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(folder: string) {
    this.#shell = spawn("/bin/sh", ["-c", script, folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
    this.#ended = once(this.#shell, "exit");
    // A watch that is gone (EPIPE) is no reason to fail the tests it watches over.
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
  }

  /** Watches over this process from now on, or over none. */
  over(pid: number | undefined): void {
    this.#shell.stdin?.write(`${pid ?? ""}\n`);
  }

  /** Ends what is being watched over and removes the folder. */
  async end(): Promise<void> {
    this.#shell.ref();
    this.#shell.stdin?.end();
    await this.#ended;
  }
}
