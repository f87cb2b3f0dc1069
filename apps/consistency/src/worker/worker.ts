import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Link } from "../faults/link.ts";
import type { NumberedAnswer, WorkerCommand, WorkerOrders } from "./command.ts";

/** How a worker has ended. */
export interface WorkerEnd {
  readonly code: number | undefined;
  readonly byItself: boolean;
}

const END_WITHIN_MS = 10_000;
const HOOKS = pathToFileURL(join(import.meta.dirname, "../mutations/mutated-sources.ts")).href;

/** A process with a cache, seen from its parent. */
export class Worker {
  readonly name: string;
  readonly link: Link;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #asked = new Map<number, (pending: number) => void>();
  #commands = 0;

  private constructor(child: ChildProcess, name: string, link: Link) {
    this.name = name;
    this.link = link;
    this.#child = child;
    this.#exited = once(child, "exit");
    child.on("message", (answer: NumberedAnswer) => {
      this.#asked.get(answer.id)?.(answer.pending);
      this.#asked.delete(answer.id);
    });
  }

  /**
   * Starts one.
   *
   * @param mutation - The name of a defence that it runs without.
   * @throws an `Error` for one that ends before it is ready.
   */
  static async start(orders: WorkerOrders, link: Link, mutation: string | undefined): Promise<Worker> {
    const execArgv = ["--conditions=@tiercache/source"];
    if (mutation !== undefined) execArgv.push(`--import=${HOOKS}`);
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = fork(join(import.meta.dirname, "worker-process.ts"), [JSON.stringify(orders)], {
      execArgv,
      env: { ...env, CONSISTENCY_MUTATION: mutation ?? "" },
    });
    const name = `w${orders.worker + 1}`;
    await ready(child, name);
    return new Worker(child, name, link);
  }

  /** Tells it to do something. Resolves when that has been done, to how many removals are pending by then. */
  tell(command: WorkerCommand): Promise<number> {
    const id = this.#commands++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, resolve);
      void this.#exited.then(() => reject(new Error(`The worker ${this.name} is gone.`)));
      this.#child.send({ id, command });
    });
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#child.kill(signal);
  }

  /** Waits until it has ended by itself; if that takes too long, it is killed. */
  async ended(): Promise<WorkerEnd> {
    let byItself = true;
    const kill = setTimeout(() => {
      byItself = false;
      this.kill();
    }, END_WITHIN_MS);
    await this.#exited;
    clearTimeout(kill);
    return { code: this.#child.exitCode ?? undefined, byItself };
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

function ready(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`The worker ${name} ended with ${code} before it was ready.`)));
  });
}
