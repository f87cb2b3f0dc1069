/** What can be told of a step after it has been taken. */
export interface TakenStep {
  readonly label: string;
  /** What is not the same in every run and so not part of the label: a message's text. */
  readonly detail?: string | undefined;
}

/** An interleaving in which something does not hold. `cause` is what did not. */
export class InterleavingError extends Error {
  override readonly name = "InterleavingError";
  /** The steps of the interleaving, to be given to `replay`. */
  readonly schedule: readonly string[];

  /** @internal */
  constructor(cause: unknown, steps: readonly TakenStep[]) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${reason}\n\nIt happens in this order:\nreplay: [\n${steps.map(line).join("\n")}\n]`, { cause });
    this.schedule = steps.map(({ label }) => label);
  }
}

function line({ label, detail }: TakenStep): string {
  return `  ${JSON.stringify(label)},${detail === undefined ? "" : ` // ${detail}`}`;
}
