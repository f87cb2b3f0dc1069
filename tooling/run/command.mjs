import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Interrupted } from "./messages.mjs";
import { root } from "./places.mjs";

/** @typedef {Pick<import("node:child_process").SpawnOptions, "env" | "cwd" | "shell" | "stdio">} CommandOptions */

const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Runs a command with nothing shown, for set-up and checks: what it prints matters only when it fails. `status` is
 * `undefined` where there is no such command.
 *
 * @param {readonly string[]} command
 * @param {CommandOptions} options
 * @returns {Promise<{ status: number | undefined, output: string }>}
 */
export async function runQuietly([file, ...args], options) {
  // A shell gets one line: given a list it would join the words itself, and Node warns of that.
  const [program, words] = options.shell ? [[file, ...args].join(" "), []] : [file, args];
  const child = spawn(program, words, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
    });
  }
  const { status, signal, sent } = await ended(child);
  if (sent !== undefined) throw new Interrupted(sent);
  return { status: signal === null ? status : 1, output };
}

/**
 * Hands the terminal over to a command. One that died of a signal nobody sent us has the exit code a shell gives it.
 *
 * @param {readonly string[]} command
 * @param {CommandOptions} options
 * @returns {Promise<number>} the exit code
 */
export async function handOver([file, ...args], options) {
  const child = spawn(file, args, { cwd: root, stdio: "inherit", ...options });
  const { status, signal, sent } = await ended(child);
  if (signal === null) return status ?? 127;
  if (sent !== undefined) throw new Interrupted(signal);
  return 128 + constants.signals[signal];
}

/**
 * Waits for the end of a child that gets the signals sent to us meanwhile.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<{ status?: number, signal: NodeJS.Signals | null, sent?: NodeJS.Signals }>}
 */
function ended(child) {
  /** @type {NodeJS.Signals | undefined} */
  let sent;
  const onTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    sent = signal;
    // A terminal sends Ctrl-C to the child as well, and many programs take a second one as "at once".
    if (signal !== "SIGINT" || !onTerminal) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, passOn);
  const orphanhood = onOrphaned(() => passOn("SIGTERM"));
  return new Promise((resolve) => {
    child.on("error", () => resolve({ signal: null, sent }));
    child.on("close", (code, signal) => resolve({ status: code ?? undefined, signal, sent }));
  }).finally(() => {
    for (const signal of signals) process.off(signal, passOn);
    clearInterval(orphanhood);
  });
}

/**
 * npm runs a script through a shell and sends its signals to that shell, which dies of them and leaves us behind. All we
 * can see of it is that we have another parent now.
 *
 * @param {() => void} act
 */
function onOrphaned(act) {
  const parent = process.ppid;
  const look = () => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  };
  const timer = process.env.npm_lifecycle_event === undefined ? undefined : setInterval(look, 200).unref();
  return timer;
}
