import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a script of ours is started with, besides its arguments. */
export interface OwnProcessOptions {
  /** Options of Node, behind those that this process was started with. */
  readonly execArgv?: readonly string[];
}

/** A script of ours in a process of its own, which answers every question it is sent by one message. */
export class OwnProcess {
  readonly #child: ChildProcess;

  constructor(script: URL, args: readonly string[], { execArgv = [] }: OwnProcessOptions = {}) {
    this.#child = fork(fileURLToPath(script), [...args], {
      execArgv: [...conditions(), ...execArgv],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  }

  /** Its answer to a question, or to none: then the next message that it sends. */
  async answer<T>(question?: object): Promise<T> {
    const answered = once(this.#child, "message");
    const ended = once(this.#child, "exit").then(([code]) => {
      throw new Error(`A process of the benchmark ended with ${code} before it answered.`);
    });
    if (question !== undefined) this.#child.send(question);
    const [message] = await Promise.race([answered, ended]);
    return message as T;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}

/** The one answer of a script that then ends by itself. */
export async function answerOf<T>(script: URL, args: readonly string[], options?: OwnProcessOptions): Promise<T> {
  const process = new OwnProcess(script, args, options);
  try {
    return await process.answer<T>();
  } finally {
    await process.end();
  }
}

/** Where packages are sources here, they are sources there. */
function conditions(): readonly string[] {
  return import.meta.resolve("@tiercache/core").endsWith(".ts") ? ["--conditions=@tiercache/source"] : [];
}
