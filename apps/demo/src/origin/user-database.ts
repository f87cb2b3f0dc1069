import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { DatabaseSync } from "node:sqlite";
import type { Configuration } from "./configuration.ts";
import type { Preferences, PreferencesUpdate } from "./preferences.ts";
import type { Resume, ResumeUpdate } from "./resume.ts";
import type { Session } from "./session.ts";
import type { User, UserUpdate } from "./user.ts";
import { configurationFromRow, preferencesFromRow, resumeFromRow, sessionFromRow, userFromRow } from "./user-row.ts";

/** How many people there are. */
export interface UserCounts {
  readonly users: number;
  /** Users who are logged in. */
  readonly sessions: number;
}

/**
 * Users, their master resumes, preferences and sessions, and the service's configuration, in an SQLite file. Every call runs its statement; nothing is kept.
 * Calls are synchronous and block the event loop for tens of microseconds. Several processes may share the file.
 */
export class UserDatabase {
  readonly #database: DatabaseSync;
  readonly #statements: Readonly<Record<StatementName, StatementSync>>;
  #calls = 0;

  /**
   * Opens a file made by `writeUserDatabase`, and keeps it open until {@link UserDatabase.close}.
   *
   * @throws Error when the file is missing or holds other tables
   */
  constructor(path: string) {
    // SQLite would make an empty file of that name and complain about missing tables only.
    if (!existsSync(path)) throw new Error(`There is no user database at ${path}`);
    this.#database = new DatabaseSync(path);
    try {
      this.#database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
      this.#statements = prepareAll(this.#database);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** How often something was read so far. Updates do not count. */
  get calls(): number {
    return this.#calls;
  }

  /** The user, or `undefined`. */
  user(id: number): User | undefined {
    const row = this.#read("user", id);
    return row && userFromRow(row);
  }

  /** The user's master resume, or `undefined`. */
  resume(userId: number): Resume | undefined {
    const row = this.#read("resume", userId);
    return row && resumeFromRow(row);
  }

  /** The user's preferences, or `undefined`. */
  preferences(userId: number): Preferences | undefined {
    const row = this.#read("preferences", userId);
    return row && preferencesFromRow(row);
  }

  /** Changes the user and returns him as stored; `undefined`, with nothing stored, for no such user. */
  updateUser(userId: number, { name }: UserUpdate): User | undefined {
    return this.#write("updateUser", userFromRow, { id: userId, name });
  }

  /** Replaces the user's preferences and returns them as stored; `undefined`, with nothing stored, for no such user. */
  updatePreferences(userId: number, update: PreferencesUpdate): Preferences | undefined {
    return this.#write("updatePreferences", preferencesFromRow, {
      user_id: userId,
      categories: JSON.stringify(update.categories),
      cities: JSON.stringify(update.cities),
      remote: update.remote,
      minimum_salary: update.minimumSalaryEurPerYear,
    });
  }

  /** Replaces the user's master resume by its next version and returns that; `undefined` for no such user. */
  updateResume(userId: number, update: ResumeUpdate): Resume | undefined {
    return this.#write("updateResume", resumeFromRow, {
      user_id: userId,
      city: update.city,
      years: update.yearsOfExperience,
      skills: JSON.stringify(update.skills),
      text: update.text,
    });
  }

  /** That the user is logged in, or `undefined`. */
  session(userId: number): Session | undefined {
    const row = this.#read("session", userId);
    return row && sessionFromRow(row);
  }

  /** Logs the user in, in place of an earlier session; `undefined` for no such user. */
  startSession(userId: number): Session | undefined {
    const values = { user_id: userId, session_id: randomUUID(), started_at: Date.now() };
    return this.#write("startSession", sessionFromRow, values);
  }

  /** Logs the user out. @returns whether there was a session */
  endSession(userId: number): boolean {
    return this.#statements.endSession.run(userId).changes > 0;
  }

  /** How many people there are. Counts row by row. */
  counts(): UserCounts {
    this.#calls += 1;
    const { users, sessions } = this.#statements.counts.get() ?? {};
    return { users: Number(users), sessions: Number(sessions) };
  }

  /** What operators have set. */
  configuration(): Configuration {
    const row = this.#read("configuration", 1);
    if (row === undefined) throw new Error("The user database holds no configuration");
    return configurationFromRow(row);
  }

  /** Sets it. @returns what is stored */
  updateConfiguration(configuration: Configuration): Configuration {
    this.#statements.updateConfiguration.run(JSON.stringify(configuration));
    return configuration;
  }

  /** Closes the file. Calls after it throw; closing twice does nothing. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** The same as {@link UserDatabase.close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #read(statement: StatementName, id: number): Record<string, unknown> | undefined {
    this.#calls += 1;
    return this.#statements[statement].get(id);
  }

  #write<T>(
    statement: StatementName,
    fromRow: (row: Record<string, unknown>) => T,
    values: Record<string, SQLInputValue>,
  ): T | undefined {
    const row = this.#statements[statement].get(values);
    return row && fromRow(row);
  }
}

type StatementName = keyof typeof statementTexts;

const statementTexts = {
  user: "SELECT * FROM users WHERE id = ?",
  resume: "SELECT * FROM resumes WHERE user_id = ?",
  preferences: "SELECT * FROM preferences WHERE user_id = ?",
  updateUser: "UPDATE users SET name = :name WHERE id = :id RETURNING *",
  updatePreferences: `UPDATE preferences
    SET categories = :categories, cities = :cities, remote = :remote, minimum_salary = :minimum_salary
    WHERE user_id = :user_id RETURNING *`,
  updateResume: `UPDATE resumes
    SET version = version + 1, city = :city, years = :years, skills = :skills, text = :text
    WHERE user_id = :user_id RETURNING *`,
  session: "SELECT * FROM sessions WHERE user_id = ?",
  startSession: `INSERT OR REPLACE INTO sessions (user_id, session_id, started_at)
    SELECT id, :session_id, :started_at FROM users WHERE id = :user_id RETURNING *`,
  endSession: "DELETE FROM sessions WHERE user_id = ?",
  counts: "SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM sessions) AS sessions",
  configuration: "SELECT value FROM configuration WHERE id = ?",
  updateConfiguration: "UPDATE configuration SET value = ? WHERE id = 1",
} as const;

function prepareAll(database: DatabaseSync): Record<StatementName, StatementSync> {
  const names = Object.keys(statementTexts) as StatementName[];
  const prepared = names.map((name) => [name, database.prepare(statementTexts[name])] as const);
  return Object.fromEntries(prepared) as Record<StatementName, StatementSync>;
}
