import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** What another process needs to be an instance of the same service. */
export interface InstanceProcessOptions {
  readonly name: string;
  /** Variables it is given beside those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly seed: number;
}

/** What an instance tells the process that has started it, once. */
export interface InstanceReady {
  readonly address: string;
}

const main = new URL("../main.ts", import.meta.url);

/** An instance of the service in a process of its own. It ends with the process that has started it. */
export class InstanceProcess implements AsyncDisposable {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(address: string, child: ChildProcess) {
    this.address = address;
    this.#child = child;
  }

  /** @throws (rejects) an `Error` where it ends before it serves */
  static async start({ name, environment, seed }: InstanceProcessOptions): Promise<InstanceProcess> {
    const args = ["--serve", "--port", "0", "--seed", String(seed)];
    const env = { ...process.env, ...environment, DEMO_INSTANCE: name };
    const child = fork(main, args, { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const ended = once(child, "exit").then(() => Promise.reject(new Error(`Instance ${name} ended before it served.`)));
    const [ready] = (await Promise.race([once(child, "message"), ended])) as [InstanceReady];
    ended.catch(() => {});
    return new InstanceProcess(ready.address, child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
  }
}
