import { DatabaseSync } from "node:sqlite";

/** One run of the job feed. */
export interface IngestionRun {
  /** Counted from 1. */
  readonly run: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** A run whose lock another one has taken meanwhile. */
export class OvertakenRunError extends Error {
  constructor() {
    super("A later run has written the job table already");
    this.name = "OvertakenRunError";
  }
}

/**
 * Which runs have written the job table, in an SQLite file, and the fence in front of that table: a run publishes with the token of its
 * lock, and one with a lower token than was seen before is refused, in whatever process it lives.
 */
export class IngestionLog {
  readonly #database: DatabaseSync;

  /** Opens the file, and makes it where there is none. */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      PRAGMA busy_timeout = 5000;
      CREATE TABLE IF NOT EXISTS runs (
        run INTEGER PRIMARY KEY,
        token INTEGER NOT NULL,
        added INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        removed INTEGER NOT NULL
      ) STRICT;
    `);
  }

  /** The run that was published last, or `undefined`. */
  last(): IngestionRun | undefined {
    const row = this.#database.prepare("SELECT run, added, changed, removed FROM runs ORDER BY run DESC LIMIT 1").get();
    if (row === undefined) return undefined;
    return {
      run: Number(row["run"]),
      added: Number(row["added"]),
      changed: Number(row["changed"]),
      removed: Number(row["removed"]),
    };
  }

  /**
   * Publishes what a run has made and notes the run, both or neither, while no other process can do so.
   *
   * @param token of the lock that the run holds
   * @param publish puts the table in place; what it throws is thrown on, and nothing is noted
   * @throws OvertakenRunError when a run with this token or a higher one, or this run itself, was published before
   */
  commit({ run, added, changed, removed }: IngestionRun, token: number, publish: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const seen = this.#database.prepare("SELECT max(token) AS token, max(run) AS run FROM runs").get();
      if (token <= Number(seen?.["token"] ?? 0) || run <= Number(seen?.["run"] ?? 0)) throw new OvertakenRunError();
      const insert = this.#database.prepare("INSERT INTO runs VALUES (?, ?, ?, ?, ?)");
      insert.run(run, token, added, changed, removed);
      publish();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Closes the file; closing twice does nothing. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
