import { finiteMs, type Ms, type OptionRule, objectWith } from "@tiercache/core";
import type { Cluster, Redis } from "ioredis";
import { serverAt } from "./server-url.ts";

/** What every Redis tier may be given. */
interface RedisCommon {
  /** The tier's name in events: letters, digits, `.`, `_` and `-`. @defaultValue "redis" */
  readonly name?: string;
}

/** What the tier's own connections may be given. */
interface RedisOwn extends RedisCommon {
  readonly client?: undefined;
  /**
   * How long a command may be expected to take at most, in ms; above 0 and finite. To be raised together with the cache's `deadlineMs`,
   * which is what a reader waits for. The connection gives a command up after twice as long, and itself where nothing comes back for two
   * and a half times as long. @defaultValue 200
   */
  readonly commandTimeoutMs?: Ms;
  /** How the servers' certificates are checked, where the URL begins with `rediss`. @defaultValue by the system's authorities */
  readonly tls?: RedisTls;
}

/**
 * How certificates are checked and shown. They are always checked: there is no way to turn that off but with a client of your
 * own. Texts are in PEM.
 */
export interface RedisTls {
  /** The authorities to believe, in place of the system's. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  /** The certificate to show, where the servers ask for one, and its key. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** The name that the servers' certificates must have, where it is not the one in the URL. */
  readonly servername?: string;
}

/** A Redis tier with a connection of its own, made for caching: what cannot be answered soon fails soon. */
export interface RedisWithUrl extends RedisOwn {
  /**
   * Where the server is: `redis://user:password@host:port/db`, or `rediss://` for TLS; `?family=4` or `6` chooses the
   * IP version. Special characters in the password are percent-encoded. Never shown in any message.
   */
  readonly url: string;
  readonly sentinel?: undefined;
  readonly cluster?: undefined;
}

/** A Redis tier on the primary of a group that Sentinels watch over, whichever that is. */
export interface RedisWithSentinel extends RedisOwn {
  readonly sentinel: SentinelPlaces;
  readonly url?: undefined;
  readonly cluster?: undefined;
}

/** Where Sentinels are, and what they are asked for. */
export interface SentinelPlaces {
  /** The URLs of the Sentinels, at least one, with their own login. `rediss://` means TLS for them and for the servers. Never shown. */
  readonly nodes: readonly string[];
  /** What they call the group. */
  readonly group: string;
  /** The servers' own login. The password is never shown. */
  readonly username?: string;
  readonly password?: string;
  /** The number of the database. @defaultValue 0 */
  readonly db?: number;
}

/** A Redis tier on a cluster. */
export interface RedisWithCluster extends RedisOwn {
  readonly cluster: ClusterPlaces;
  readonly url?: undefined;
  readonly sentinel?: undefined;
}

/** Where a cluster is. */
export interface ClusterPlaces {
  /** The URLs of some of its nodes, at least one. The login and the scheme of the first are those of all nodes. Never shown. */
  readonly nodes: readonly string[];
  /** How a node that the cluster calls `host:port` is reached from here. @defaultValue by that name */
  readonly natMap?: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
}

/** A Redis tier on a connection that is already there. */
export interface RedisWithClient extends RedisCommon {
  readonly url?: undefined;
  readonly sentinel?: undefined;
  readonly cluster?: undefined;
  readonly tls?: undefined;
  readonly commandTimeoutMs?: undefined;
  /**
   * An ioredis client of one server, of a Sentinel group or of a Cluster. It stays yours: it is not closed with the cache.
   * Its own options decide how long a command that has been sent may take, and whether it is sent again: prefer a
   * `commandTimeout` and `autoResendUnfulfilledCommands: false`, so that no write is carried out long after the cache has
   * given it up. What is given while it is not connected fails at once, even if it would queue it. A `keyPrefix` is honoured
   * for keys; channels have none. Its settings are lent to a second connection, which listens.
   *
   * A `Cluster` lends its settings only, `redisOptions`, `keyPrefix` and `natMap`: the tier has a connection of its own to each
   * master, because a `Cluster` sends commands on to nodes that nobody has asked who they are.
   */
  readonly client: Redis | Cluster;
}

/** How a Redis tier comes to its connections: one of `url`, `sentinel`, `cluster` and `client`. */
export type RedisOptions = RedisWithUrl | RedisWithSentinel | RedisWithCluster | RedisWithClient;

const commands = ["getBuffer", "mgetBuffer", "set", "time", "info", "evalsha", "eval", "publish"];
const clientMethods = objectWith("an ioredis client", ...commands, "call", "pipeline", "duplicate", "on", "off");

/** What `redis()` accepts. */
export const optionRules: Readonly<Record<keyof RedisOptions, OptionRule>> = {
  commandTimeoutMs: finiteMs,
  url: {
    allowed: "a redis:// or rediss:// URL of one server, its password percent-encoded",
    secret: true,
    accepts: isServerUrl,
  },
  sentinel: secretObject("where Sentinels are: an object with nodes and group"),
  cluster: secretObject("where a cluster is: an object with nodes"),
  tls: secretObject("how certificates are checked: an object"),
  client: clientMethods,
  name: {
    allowed: "letters, digits, '.', '_' and '-'",
    accepts: (value) => typeof value === "string" && /^[\w.-]+$/.test(value),
  },
};

const nodes: OptionRule = {
  allowed: "a list of at least one redis:// or rediss:// URL, all of the same scheme, passwords percent-encoded",
  secret: true,
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(isServerUrl) &&
    new Set(value.map((url: string) => url.startsWith("rediss:"))).size === 1,
};

const word: OptionRule = { allowed: "a text", accepts: isWord };
const secretWord: OptionRule = { ...word, secret: true };

/** What `redis({ sentinel })` accepts. */
export const sentinelRules: Readonly<Record<keyof SentinelPlaces, OptionRule>> = {
  nodes,
  group: { allowed: "the name of a group", accepts: isWord },
  username: word,
  password: secretWord,
  db: {
    allowed: "a whole number of at least 0",
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  },
};

/** What `redis({ cluster })` accepts. */
export const clusterRules: Readonly<Record<keyof ClusterPlaces, OptionRule>> = {
  nodes,
  natMap: objectWith("a host and a port for each host:port"),
};

const pem: OptionRule = { allowed: "a text or a Buffer in PEM", secret: true, accepts: isPem };

/** What `redis({ tls })` accepts. */
export const tlsRules: Readonly<Record<keyof RedisTls, OptionRule>> = {
  ca: { ...pem, accepts: (value) => isPem(value) || (Array.isArray(value) && value.length > 0 && value.every(isPem)) },
  cert: pem,
  key: pem,
  servername: word,
};

function secretObject(allowed: string): OptionRule {
  return { ...objectWith(""), allowed, secret: true };
}

function isServerUrl(value: unknown): boolean {
  return typeof value === "string" && serverAt(value) !== undefined;
}

function isWord(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isPem(value: unknown): boolean {
  return isWord(value) || Buffer.isBuffer(value);
}
