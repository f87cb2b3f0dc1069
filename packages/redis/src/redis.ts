import { CacheError, checkOptions, finiteMs, type OptionRule, objectWith, type RemoteTier } from "@tiercache/core";
import type { Redis } from "ioredis";
import { borrowedConnection, ownConnection } from "./connection.ts";
import { RedisTier } from "./redis-tier.ts";
import { serverAt } from "./server-url.ts";

/** A Redis tier with a connection of its own, made for caching: what cannot be answered soon fails soon. */
export interface RedisWithUrl {
  /**
   * Where the server is: `redis://user:password@host:port/db`, or `rediss://` for TLS; `?family=4` or `6` chooses the
   * IP version. Special characters in the password are percent-encoded. Never shown in any message.
   */
  readonly url: string;
  readonly client?: undefined;
  /**
   * The longest a command may take before the connection gives it up, in ms; above 0 and finite. To be raised together
   * with the cache's `deadlineMs`: the shorter of the two counts. A connection on which nothing comes back for two and a
   * half times as long is given up too. @defaultValue 200
   */
  readonly commandTimeoutMs?: number;
  /** The tier's name in events: letters, digits, `.`, `_` and `-`. @defaultValue "redis" */
  readonly name?: string;
}

/** A Redis tier on a connection that is already there. */
export interface RedisWithClient {
  readonly url?: undefined;
  readonly commandTimeoutMs?: undefined;
  /**
   * An ioredis client of one server or of a Sentinel group; no Cluster. It stays yours: it is not closed with the cache.
   * Its own options decide how long a command that has been sent may take, and whether it is sent again: prefer a
   * `commandTimeout` and `autoResendUnfulfilledCommands: false`, so that no write is carried out long after the cache has
   * given it up. What is given while it is not connected fails at once, even if it would queue it. A `keyPrefix` is honoured
   * for keys; channels have none. Its settings are lent to a second connection, which listens.
   */
  readonly client: Redis;
  /** The tier's name in events: letters, digits, `.`, `_` and `-`. @defaultValue "redis" */
  readonly name?: string;
}

/** How a Redis tier comes to its connection: by an address or by a client, never both. */
export type RedisOptions = RedisWithUrl | RedisWithClient;

const commands = ["getBuffer", "mgetBuffer", "set", "unlink", "time", "info", "evalsha", "eval", "publish"];
const clientMethods = objectWith("an ioredis client", ...commands, "call", "pipeline", "duplicate", "on", "off");

const DEFAULT_COMMAND_TIMEOUT_MS = 200;

const optionRules: Readonly<Record<keyof RedisOptions, OptionRule>> = {
  commandTimeoutMs: finiteMs,
  url: {
    allowed: "a redis:// or rediss:// URL of one server, its password percent-encoded",
    secret: true,
    accepts: (value) => typeof value === "string" && serverAt(value) !== undefined,
  },
  client: {
    allowed: "an ioredis client of a single server or of Sentinel; Cluster is not supported yet",
    accepts: (value) => clientMethods.accepts(value) && (value as { isCluster?: unknown }).isCluster !== true,
  },
  name: {
    allowed: "letters, digits, '.', '_' and '-'",
    accepts: (value) => typeof value === "string" && /^[\w.-]+$/.test(value),
  },
};

/**
 * Makes a remote tier of a Redis (6.2 or newer) or Valkey server. Given a `url` it connects at once and for ever anew;
 * while there is no connection its calls fail at once, except for those that are made before the first attempt to
 * connect has ended, which wait for it. Nothing is ever sent twice.
 *
 * On each connection the server is asked who it is before anything else, so that a restart or another server is known
 * before anything of it is read. A second connection is made when a cache listens for what other processes change.
 *
 * Its user needs `+get +mget +set +unlink +time +info +eval +evalsha +getrange +setrange +persist +pexpire +publish
 * +subscribe`, its keys and its channels. Without `info` every new connection counts as another server.
 *
 * @throws `INVALID_OPTION`, which never shows the URL. Never throws or rejects because of the server: that is told to
 * the cache's observer.
 *
 * @example
 * ```ts
 * import { createCache, hours } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 * import { redis } from "@tiercache/redis";
 *
 * const cache = createCache({ tiers: [lru(), redis({ url: "redis://localhost:6379" })], ttlMs: hours(1) });
 * const users = cache.namespace("user", { load: (id) => ({ id, name: `user ${id}` }) });
 * console.log((await users.get("7")).name); // "user 7", also while no server is there
 * await cache.close();
 * ```
 */
export function redis(options: RedisOptions): RemoteTier {
  checkOptions("redis", options, optionRules);
  const { url, client, commandTimeoutMs, name = "redis" } = options ?? {};
  if (url !== undefined && client !== undefined) throw oneOfBoth("both are given");
  if (client !== undefined && commandTimeoutMs !== undefined) {
    throw new CacheError(
      "INVALID_OPTION",
      "redis.commandTimeoutMs excludes redis.client, which has timeouts of its own.",
    );
  }
  const server = url === undefined ? undefined : serverAt(url);
  if (server !== undefined)
    return new RedisTier(name, ownConnection(server, commandTimeoutMs ?? DEFAULT_COMMAND_TIMEOUT_MS));
  if (client !== undefined) return new RedisTier(name, borrowedConnection(client));
  throw oneOfBoth("neither is given");
}

function oneOfBoth(given: string): CacheError {
  return new CacheError("INVALID_OPTION", `redis needs either url or client; ${given}.`);
}
