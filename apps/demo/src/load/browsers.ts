import { lifetimes } from "../service/namespaces/lifetimes.ts";

interface Browser {
  /** Resolves when its user is logged in. */
  loggedIn: Promise<unknown>;
  lastUsedAtMs: number;
}

/**
 * What visitors browse with, one each. Whoever has no session logs in before he asks for anything, as a service cannot look up a session that
 * nobody names. It lapses here when it does in the service: so long after it was last used.
 */
export class Browsers {
  readonly #byUser = new Map<number, Browser>();
  readonly #lapsesAfterMs: number;

  constructor(lapsesAfterMs: number = lifetimes.user.production) {
    this.#lapsesAfterMs = lapsesAfterMs;
  }

  /** Resolves when a user is logged in, and has him logged in if he is not. Two windows of one browser log in once. */
  async ready(userId: number, logIn: () => Promise<unknown>): Promise<void> {
    const now = performance.now();
    const known = this.#byUser.get(userId);
    if (known === undefined || now - known.lastUsedAtMs >= this.#lapsesAfterMs) {
      this.#byUser.set(userId, { loggedIn: logIn(), lastUsedAtMs: now });
    } else known.lastUsedAtMs = now;
    await this.#byUser.get(userId)?.loggedIn;
  }

  /** The service knows of no session: the user logs in with his next visit. */
  loggedOut(userId: number): void {
    this.#byUser.delete(userId);
  }
}
