import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a script of ours is started with, besides its arguments. */
export interface OwnProcessOptions {
  /** Options of Node, behind those that it needs to find our packages. */
  readonly execArgv?: readonly string[];
  /** Whether what it says on stderr is dropped. */
  readonly isQuiet?: boolean;
  /** Variables of its environment, besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A script of ours in a process of its own, which answers every question it is sent by one message. */
export class OwnProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  constructor(
    script: URL,
    args: readonly string[],
    { execArgv = [], env = {}, isQuiet = false }: OwnProcessOptions = {},
  ) {
    this.#child = fork(fileURLToPath(script), [...args], {
      execArgv: [...conditions(), ...execArgv],
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", isQuiet ? "ignore" : "inherit", "ipc"],
    });
    this.#ended = once(this.#child, "exit").then(([code, signal]) => {
      throw new Error(`A process of the benchmark has ended: ${code ?? signal}`);
    });
    // It is an error only for who waits for an answer.
    this.#ended.catch(() => {});
  }

  /** Its answer to a question; without one, the next message that it sends. */
  async answer<T>(question?: object): Promise<T> {
    const heard = once(this.#child, "message");
    if (question !== undefined) this.#child.send(question);
    const [message] = await Promise.race([heard, this.#ended]);
    return message as T;
  }

  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended.catch(() => {});
  }
}

/** The one answer of a script. */
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
