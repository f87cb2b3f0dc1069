/**
 * One statement of a contract, with the proof that an implementation keeps it. Knows no test runner: hand `title` and
 * `run` to whichever is in use.
 */
export interface ContractCase {
  /** A sentence about behaviour, unique within its suite. */
  readonly title: string;
  /** Rejects with an `AssertionError` when the implementation breaks the contract. */
  readonly run: () => Promise<void>;
}

/** Where a case is tried: opened for it, and closed behind it. */
interface Trial {
  close(): Promise<void>;
}

/** The proofs of some statements, by their titles. */
export type Proofs<T> = Readonly<Record<string, (trial: T) => Promise<void>>>;

/** Makes cases of proofs, each with a trial of its own. */
export function casesOf<T extends Trial>(proofs: Proofs<T>, open: () => Promise<T>): readonly ContractCase[] {
  return Object.entries(proofs).map(([title, prove]) => ({
    title,
    async run() {
      const trial = await open();
      try {
        await prove(trial);
      } finally {
        await trial.close();
      }
    },
  }));
}
