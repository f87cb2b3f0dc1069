import type { StatementSync } from "node:sqlite";
import { DatabaseSync } from "node:sqlite";
import { initialConfiguration } from "./configuration.ts";
import type { Preferences } from "./preferences.ts";
import type { Resume } from "./resume.ts";
import type { Session } from "./session.ts";
import type { User } from "./user.ts";

/** All there is about one user. */
export interface UserRecord {
  readonly user: User;
  readonly resume: Resume;
  readonly preferences: Preferences;
  /** `undefined` for a user who is not logged in. */
  readonly session?: Session | undefined;
}

const schema = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE resumes (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    version INTEGER NOT NULL,
    city TEXT NOT NULL,
    years INTEGER NOT NULL,
    skills TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE TABLE preferences (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    categories TEXT NOT NULL,
    cities TEXT NOT NULL,
    remote TEXT NOT NULL,
    minimum_salary REAL NOT NULL
  ) STRICT;
  CREATE TABLE sessions (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    session_id TEXT NOT NULL,
    started_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE configuration (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL) STRICT;
`;

/**
 * Writes a new SQLite file with the users in it, for `UserDatabase` to open. Blocks the event loop until it is on disk.
 * The file is complete in itself: there is no write-ahead log beside it, so it may be copied as it lies.
 *
 * @throws Error when the file already has these tables or a user comes twice
 */
export function writeUserDatabase(path: string, records: Iterable<UserRecord>): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(`BEGIN; ${schema}`);
    const insert = insertStatements(database);
    for (const record of records) insertRecord(insert, record);
    database.prepare("INSERT INTO configuration VALUES (1, ?)").run(JSON.stringify(initialConfiguration));
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

interface InsertStatements {
  readonly user: StatementSync;
  readonly resume: StatementSync;
  readonly preferences: StatementSync;
  readonly session: StatementSync;
}

function insertStatements(database: DatabaseSync): InsertStatements {
  return {
    user: database.prepare("INSERT INTO users VALUES (?, ?, ?)"),
    resume: database.prepare("INSERT INTO resumes VALUES (?, ?, ?, ?, ?, ?)"),
    preferences: database.prepare("INSERT INTO preferences VALUES (?, ?, ?, ?, ?)"),
    session: database.prepare("INSERT INTO sessions VALUES (?, ?, ?)"),
  };
}

function insertRecord(insert: InsertStatements, { user, resume, preferences, session }: UserRecord): void {
  insert.user.run(user.id, user.name, user.email);
  insert.resume.run(
    user.id,
    resume.version,
    resume.city,
    resume.yearsOfExperience,
    JSON.stringify(resume.skills),
    resume.text,
  );
  insert.preferences.run(
    user.id,
    JSON.stringify(preferences.categories),
    JSON.stringify(preferences.cities),
    preferences.remote,
    preferences.minimumSalaryEurPerYear,
  );
  if (session !== undefined) insert.session.run(user.id, session.sessionId, session.startedAtMs);
}
