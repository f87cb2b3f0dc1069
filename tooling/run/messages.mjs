/** Something that is needed cannot be had. Its message is all the user sees: what, why, and what would help. */
export class SetupFailure extends Error {}

/** The user ended us while something was under way. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Interrupted by ${signal}`);
    this.signal = signal;
  }
}

/**
 * Says what is being done, a line a step. On stderr, because stdout belongs to the task: programs read `start -- --json`.
 *
 * @param {string} step
 */
export function say(step) {
  process.stderr.write(`tiercache: ${step}\n`);
}

/**
 * A long output of npm or pnpm boiled down to the sentence that says what went wrong.
 *
 * @param {string} output
 */
export function complaintIn(output) {
  // pnpm draws the chain of causes and wraps it; the root of the matter stands at its end.
  const cause = /╰─▶ (.+(?:\n {6,}\S.*)*)/.exec(output)?.[1]?.replace(/\n */g, " ");
  const lines = output.split("\n").map((line) => line.replace(/^npm (error|ERR!)/, "").trim());
  // npm opens with bare facts such as `code ENOTFOUND` before it says what happened.
  const telling = lines.filter((line) => line !== "" && !/^(code|syscall|errno|path|dest|type) /.test(line));
  const complaint =
    cause ?? telling.find((line) => /404|failed|refused|denied|permitted|no space/i.test(line)) ?? telling[0];
  return (complaint ?? "it gave no reason").slice(0, 300).replace(/\.$/, "");
}
