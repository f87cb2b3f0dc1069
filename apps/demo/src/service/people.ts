import type { Reading } from "@tiercache/core";
import type { Preferences, PreferencesUpdate } from "../origin/preferences.ts";
import type { Resume, ResumeUpdate } from "../origin/resume.ts";
import type { Session } from "../origin/session.ts";
import type { User, UserUpdate } from "../origin/user.ts";
import type { UserDatabase } from "../origin/user-database.ts";
import type { Happened } from "./events.ts";
import type { Namespaces } from "./namespaces.ts";
import type { Wish } from "./wish.ts";

/** What belongs to one person. Each update answers `undefined` for a user who does not exist. */
export class People {
  readonly #namespaces: Namespaces;
  readonly #database: UserDatabase;
  readonly #happened: Happened;

  constructor(namespaces: Namespaces, database: UserDatabase, happened: Happened) {
    this.#namespaces = namespaces;
    this.#database = database;
    this.#happened = happened;
  }

  user(userId: number, wish?: Wish): Promise<Reading<User | undefined>> {
    return this.#namespaces.users.read(userId, wish);
  }

  resume(userId: number, wish?: Wish): Promise<Reading<Resume | undefined>> {
    return this.#namespaces.resumes.read(userId, wish);
  }

  preferences(userId: number, wish?: Wish): Promise<Reading<Preferences | undefined>> {
    return this.#namespaces.preferences.read(userId, wish);
  }

  /** That the user is logged in; of `undefined` where not. */
  session(userId: number, wish?: Wish): Promise<Reading<Session | undefined>> {
    return this.#namespaces.sessions.read(userId, wish);
  }

  async updateUser(userId: number, update: UserUpdate): Promise<User | undefined> {
    const user = this.#database.updateUser(userId, update);
    if (user !== undefined) await this.#happened("user.updated", { userId });
    return user;
  }

  async updateResume(userId: number, update: ResumeUpdate): Promise<Resume | undefined> {
    const resume = this.#database.updateResume(userId, update);
    if (resume !== undefined) await this.#happened("resume.updated", { userId });
    return resume;
  }

  async updatePreferences(userId: number, update: PreferencesUpdate): Promise<Preferences | undefined> {
    const preferences = this.#database.updatePreferences(userId, update);
    if (preferences !== undefined) await this.#happened("preferences.updated", { userId });
    return preferences;
  }

  async logIn(userId: number): Promise<Session | undefined> {
    const session = this.#database.startSession(userId);
    if (session === undefined) return undefined;
    // Set in the same step: a log-out from now on ends it. The first page finds it.
    await Promise.all([this.#namespaces.sessions.set(userId, session), this.#happened("session.started")]);
    return session;
  }

  async logOut(userId: number): Promise<void> {
    this.#database.endSession(userId);
    // Also where there was none: somebody else may have ended it without a word.
    await this.#happened("session.ended", { userId });
  }
}
