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
