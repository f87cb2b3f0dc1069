import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Answer, Asked, ProcessOptions } from "./cache-process-messages.ts";

/** A process of its own with a cache, which may be paused and killed. */
export class CacheProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #last = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (answer: Answer) => {
      this.#waiting.get(answer.number)?.resolve(answer);
      this.#waiting.delete(answer.number);
    });
    child.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("The process has ended."));
    });
  }

  /** Starts one, and comes back when it has a cache. */
  static async start(options: ProcessOptions): Promise<CacheProcess> {
    const script = join(import.meta.dirname, "cache-process-main.ts");
    const child = fork(script, [JSON.stringify(options)], { execArgv: ["--conditions=@tiercache/source"] });
    await once(child, "message");
    return new CacheProcess(child);
  }

  /**
   * Asks it to do something to a key, and waits for the answer.
   *
   * @throws (rejects) Where the process ends before.
   */
  ask(what: Asked["what"], id: string, more: Partial<Asked> = {}): Promise<Answer> {
    const number = ++this.#last;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(number, waiting);
    this.#child.send({ number, what, id, ...more });
    return waiting.promise;
  }

  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
