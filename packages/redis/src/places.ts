import type { Ms } from "@tiercache/core";
import type { Cluster } from "ioredis";
import type { ClusterRouteParts } from "./cluster-route.ts";
import type { AddressMap, NodeAddress } from "./cluster-topology.ts";
import { backoffMs, ownConnection, type ServerPlace } from "./connection.ts";
import type { ClusterPlaces, RedisTls, SentinelPlaces } from "./redis-options.ts";
import { type ServerAddress, serverAt } from "./server-url.ts";

/** How long a Sentinel may take to answer. */
const SENTINEL_TIMEOUT_MS: Ms = 1_000;

const DEFAULT_COMMAND_TIMEOUT_MS: Ms = 200;
const DEFAULT_PORT = 6_379;

/** How own connections are made. */
interface OwnSettings {
  readonly tls: RedisTls | undefined;
  readonly timeoutMs: Ms;
}

/** A server with what is said of its certificates, where it has any. */
export function withTls(server: ServerPlace, tls: RedisTls | undefined): ServerPlace {
  return server.tls === undefined || tls === undefined
    ? server
    : { ...server, tls: { ...(tls as ServerPlace["tls"]) } };
}

/** The primary of a group, wherever its Sentinels say that it is. */
export function sentinelsAt(places: SentinelPlaces, tls: RedisTls | undefined): ServerPlace {
  const [first, ...others] = addressesOf(places.nodes);
  const { username, password } = first;
  const { tls: encrypted } = withTls(first, tls);
  return {
    sentinels: [first, ...others].map(({ host, port }) => ({ host, port })),
    name: places.group,
    role: "master",
    db: places.db ?? 0,
    ...(places.username === undefined ? {} : { username: places.username }),
    ...(places.password === undefined ? {} : { password: places.password }),
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(encrypted === undefined ? {} : { tls: encrypted, sentinelTLS: encrypted, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    sentinelRetryStrategy: backoffMs,
    // Tells at once of a failover, also while the old primary is still there.
    failoverDetector: true,
  };
}

/** A cluster, by some of its nodes. */
export function clusterAt({ nodes, natMap }: ClusterPlaces, { tls, timeoutMs }: OwnSettings): ClusterRouteParts {
  const seeds = addressesOf(nodes);
  const { username, password, family, tls: encrypted } = withTls(seeds[0], tls);
  const login = { username, password, family, tls: encrypted };
  return {
    seeds,
    connect: ({ host, port }) => ownConnection({ ...present(login), host, port }, timeoutMs),
    addressOf: mapOf(natMap),
    keyPrefix: "",
  };
}

/** A cluster, by the settings of a client that its user has made. */
export function lentCluster(client: Cluster): ClusterRouteParts {
  const { redisOptions = {}, keyPrefix = "", natMap } = client.options;
  // Its own word for where to begin, which has no name in its types.
  const { startupNodes } = client as unknown as { readonly startupNodes: readonly unknown[] };
  return {
    seeds: startupNodes.map(seedOf),
    connect: ({ host, port }) =>
      ownConnection(
        { ...redisOptions, keyPrefix, host, port },
        redisOptions.commandTimeout ?? DEFAULT_COMMAND_TIMEOUT_MS,
      ),
    addressOf: mapOf(natMap),
    keyPrefix,
  };
}

type Addresses = readonly [ServerAddress, ...ServerAddress[]];

/** What checked URLs say. */
function addressesOf(urls: readonly string[]): Addresses {
  return urls.flatMap((url) => serverAt(url) ?? []) as unknown as Addresses;
}

type Mapped = { readonly host: string; readonly port: number } | null | undefined;
type NatMap = Readonly<Record<string, Mapped>> | ((key: string) => Mapped);

function mapOf(natMap: NatMap | undefined): AddressMap {
  if (natMap === undefined) return (address) => address;
  return (address) => {
    const name = `${address.host}:${address.port}`;
    return (typeof natMap === "function" ? natMap(name) : natMap[name]) ?? address;
  };
}

/** A node as ioredis takes it: a URL, `host:port`, a port, or an object of both. */
function seedOf(node: unknown): NodeAddress {
  if (typeof node === "number") return { host: "127.0.0.1", port: node };
  if (typeof node === "string") {
    const { hostname, port } = new URL(/^\w+:\/\//.test(node) ? node : `redis://${node}`);
    return { host: hostname, port: Number(port || DEFAULT_PORT) };
  }
  const { host = "127.0.0.1", port = DEFAULT_PORT } = node as Partial<NodeAddress>;
  return { host, port };
}

function present(options: object): ServerPlace {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
