import { CacheError, checkOptions, type OptionRule, type RemoteTier } from "@tiercache/core";
import type { Cluster, Redis } from "ioredis";
import { ClusterBus } from "./cluster-bus.ts";
import { ClusterRoute } from "./cluster-route.ts";
import { CommandGate } from "./command-gate.ts";
import { borrowedConnection, type Connection, ownConnection } from "./connection.ts";
import { clusterAt, lentCluster, sentinelsAt, withTls } from "./places.ts";
import { RedisBus } from "./redis-bus.ts";
import { clusterRules, optionRules, type RedisOptions, sentinelRules, tlsRules } from "./redis-options.ts";
import { RedisTier, type RedisTierParts } from "./redis-tier.ts";
import { ServerRoute } from "./server-route.ts";
import { serverAt } from "./server-url.ts";

const DEFAULT_COMMAND_TIMEOUT_MS = 200;

/**
 * Makes a remote tier of a Redis (6.2 or newer) or Valkey server, of the primary that Sentinels name, or of a cluster. Unless
 * it is given a client it connects at once and for ever anew; while there is no connection its calls fail at once, except
 * for those that are made before the first attempt to connect has ended, which wait for it. Nothing that a server may have
 * carried out is sent twice.
 *
 * On each connection the server is asked who it is before anything else, so that a restart or another server is known
 * before anything of it is read. A second connection is made when a cache listens for what other processes change.
 *
 * Its user needs `+get +mget +set +unlink +scan +time +info +eval +evalsha +getrange +setrange +persist +pexpire +pttl +publish
 * +subscribe`, its keys and its channels; in a cluster `+cluster|slots +cluster|nodes +asking` too. Without `info` every new connection
 * counts as another server.
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
  checkOneWay(options ?? {});
  return new RedisTier(options.name ?? "redis", partsOf(options));
}

function partsOf({ url, sentinel, cluster, client, tls, commandTimeoutMs }: RedisOptions): RedisTierParts {
  checkOptions("redis.tls", tls, tlsRules);
  const timeoutMs = commandTimeoutMs ?? DEFAULT_COMMAND_TIMEOUT_MS;
  if (client !== undefined)
    return isCluster(client) ? clusterParts(lentCluster(client)) : serverParts(borrowedConnection(client));
  if (cluster !== undefined) {
    checkNamed("redis.cluster", cluster, clusterRules);
    return clusterParts(clusterAt(cluster, { tls, timeoutMs }));
  }
  if (sentinel !== undefined) {
    checkNamed("redis.sentinel", sentinel, sentinelRules);
    return serverParts(ownConnection(sentinelsAt(sentinel, tls), timeoutMs));
  }
  const server = serverAt(url);
  if (server === undefined) throw oneWay("none is given");
  return serverParts(ownConnection(withTls(server, tls), timeoutMs));
}

function serverParts(connection: Connection): RedisTierParts {
  const gate = new CommandGate(connection);
  return { route: new ServerRoute(gate), bus: new RedisBus(gate) };
}

function clusterParts(parts: ConstructorParameters<typeof ClusterRoute>[0]): RedisTierParts {
  const route = new ClusterRoute(parts);
  return { route, bus: new ClusterBus(route) };
}

function isCluster(client: Redis | Cluster): client is Cluster {
  return (client as { readonly isCluster?: unknown }).isCluster === true;
}

/** @throws `INVALID_OPTION` where it is not given by exactly one option how to connect. */
function checkOneWay(options: Partial<RedisOptions>): void {
  const given = (["url", "sentinel", "cluster", "client"] as const).filter((name) => options[name] !== undefined);
  if (given.length !== 1) throw oneWay(given.length === 0 ? "none is given" : `${given.join(" and ")} are given`);
  for (const name of ["commandTimeoutMs", "tls"] as const) {
    if (options.client !== undefined && options[name] !== undefined) {
      throw new CacheError("INVALID_OPTION", `redis.${name} excludes redis.client, which has settings of its own.`);
    }
  }
}

/** @throws `INVALID_OPTION` also for what must be there and is not. */
function checkNamed(owner: string, options: object, rules: Readonly<Record<string, OptionRule>>): void {
  checkOptions(owner, options, rules);
  for (const name of ["nodes", "group"]) {
    if (Object.hasOwn(rules, name) && (options as Readonly<Record<string, unknown>>)[name] === undefined) {
      throw new CacheError("INVALID_OPTION", `${owner}.${name} is missing; allowed is ${rules[name]?.allowed}.`);
    }
  }
}

function oneWay(given: string): CacheError {
  return new CacheError("INVALID_OPTION", `redis needs one of url, sentinel, cluster and client; ${given}.`);
}
