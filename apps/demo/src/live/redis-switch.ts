import { refusal } from "../http/problem.ts";
import type { RemoteServer } from "../service/remote-server.ts";

/** What may be done to the demo's own Redis. */
export const redisActs = ["kill", "hang", "resume", "restart"] as const;

/** One of {@link redisActs}. */
export type RedisAct = (typeof redisActs)[number];

/** How the Redis is, as far as the demo knows; `foreign` where it is not its own, `none` where there is none. */
export type RedisState = "running" | "hung" | "killed" | "foreign" | "none";

/** Breaks and mends the demo's own Redis, and no other. */
export class RedisSwitch {
  readonly #own: RemoteServer["own"];
  #state: RedisState;

  constructor(remote: RemoteServer | undefined) {
    this.#own = remote?.own;
    this.#state = remote === undefined ? "none" : remote.own === undefined ? "foreign" : "running";
  }

  get state(): RedisState {
    return this.#state;
  }

  /** Whether anything can be done here. */
  get isOwn(): boolean {
    return this.#own !== undefined;
  }

  /** @throws (rejects) where the Redis is not the demo's own, or did not start again */
  async act(act: RedisAct): Promise<void> {
    const own = this.#own;
    if (own === undefined) throw refusal(409, "This Redis is not the demo's own.");
    if (act === "kill") {
      // A frozen process is killed as well.
      this.#state = "killed";
      await own.kill();
    } else if (act === "restart" || this.#state === "killed") {
      await own.restart();
      this.#state = "running";
    } else if (act === "hang") {
      own.hang();
      this.#state = "hung";
    } else {
      own.resume();
      this.#state = "running";
    }
  }
}
