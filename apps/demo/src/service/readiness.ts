import type { Cache, Health } from "@tiercache/core";
import type { UserDatabase } from "../origin/user-database.ts";

/** That requests can be answered. */
export interface Ready {
  readonly status: "ready";
  /** How the cache is: without it, answers come later, but they come. */
  readonly cache: Health["status"];
}

/** Whether an instance should be sent requests. */
export class Readiness {
  readonly #cache: Cache;
  readonly #users: UserDatabase;
  #isEnding = false;

  constructor(cache: Cache, users: UserDatabase) {
    this.#cache = cache;
    this.#users = users;
  }

  /** To be called before the process ends, while requests under way are still answered. */
  end(): void {
    this.#isEnding = true;
  }

  /** @returns why not, in a sentence, where it is not ready. Never rejects. */
  async check(): Promise<Ready | string> {
    if (this.#isEnding) return "The process is about to end.";
    try {
      this.#users.configuration();
    } catch {
      return "The user database cannot be read.";
    }
    return { status: "ready", cache: (await this.#cache.health()).status };
  }
}
