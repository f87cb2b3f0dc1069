/** How it is found out that a defence is missing. */
export type Trial =
  /** In every order of the calls of two processes in memory. */
  | { readonly by: "explorer" }
  /** By a run with these settings. */
  | { readonly by: "checker"; readonly faults: string; readonly seconds: number; readonly seed: number };

/** A text in a source file, and what stands there instead. */
export interface Edit {
  /** From the root of the workspace. */
  readonly file: string;
  /** Must stand there exactly once. */
  readonly text: string;
  readonly replacement: string;
}

/** A defence that is taken away, for a test of the checker. */
export interface Mutation {
  readonly name: string;
  /** Of several files where a defence is doubled. */
  readonly edits: readonly Edit[];
  readonly trial: Trial;
}

/**
 * The source without the defence.
 *
 * @throws an `Error` where the text does not stand there exactly once: the code has moved on, and the mutation must follow.
 */
export function edited(source: string, { file, text, replacement }: Edit): string {
  const found = source.split(text).length - 1;
  if (found !== 1)
    throw new Error(`A mutation wants its text once in ${file}, where it stands ${found} times: ${text}`);
  return source.replace(text, () => replacement);
}
