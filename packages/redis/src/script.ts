import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { wordOf } from "./failure.ts";

/**
 * A script that runs on the server in one step. Known there by its digest; a server that has forgotten it, by a
 * restart or a failover, is sent it again. A call that is sent again is behind what was sent meanwhile, so this is for
 * scripts that look before they change something.
 *
 * Written for Redis 6.2: no flags in a first line, which that version refuses.
 */
export class Script {
  readonly #source: string;
  readonly #digest: string;

  constructor(source: string) {
    this.#source = source;
    this.#digest = createHash("sha1").update(source).digest("hex");
  }

  /**
   * Runs it. Resolves to whether it answered 1.
   *
   * @throws (rejects) What the client throws.
   */
  async run(client: Redis, key: string, args: readonly (string | Buffer)[]): Promise<boolean> {
    // A client may be set to give numbers as text.
    return Number(await this.reply(client, key, args)) === 1;
  }

  /**
   * Runs it. Resolves to what it answered.
   *
   * @throws (rejects) What the client throws.
   */
  reply(client: Redis, key: string, args: readonly (string | Buffer)[]): Promise<unknown> {
    return this.replies(client, [key], args);
  }

  /**
   * Runs it for keys that lie on one server, and in a cluster in one slot. Resolves to what it answered.
   *
   * @throws (rejects) What the client throws.
   */
  replies(client: Redis, keys: readonly string[], args: readonly (string | Buffer)[]): Promise<unknown> {
    return client.evalsha(this.#digest, keys.length, ...keys, ...args).catch((error: unknown) => {
      if (wordOf(error) !== "NOSCRIPT") throw error;
      return client.eval(this.#source, keys.length, ...keys, ...args);
    });
  }
}
