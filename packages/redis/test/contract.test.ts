import {
  busSuite,
  type ContractCase,
  fenceSuite,
  lockSuite,
  type RemoteTierUnderTest,
  remoteTierSuite,
  scanSuite,
} from "@tiercache/testing";
import { asked, type RedisServer, startRedis, startRedisCluster, startSentinels } from "@tooling/redis-server";
import { Cluster, Redis } from "ioredis";
import { afterAll, describe, test } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisOptions } from "../src/redis-options.ts";

/** What is proved is no matter of time. */
const commandTimeoutMs = 15_000;

const server = await startRedis();
const cluster = await startRedisCluster();
const group = await startSentinels();
const client = new Redis(server.url);
const clusterClient = new Cluster([...cluster.urls], {
  keyPrefix: "mine:",
  redisOptions: { commandTimeout: commandTimeoutMs },
});

afterAll(async () => {
  client.disconnect();
  clusterClient.disconnect();
  await Promise.all([server.stop(), cluster.stop(), group.stop()]);
});

const places: Readonly<Record<string, readonly [options: RedisOptions, servers: readonly RedisServer[]]>> = {
  "one server": [{ url: server.url, commandTimeoutMs }, [server]],
  "a client handed in": [{ client }, [server]],
  "a group that Sentinels watch over": [
    { sentinel: { nodes: group.urls, group: group.group }, commandTimeoutMs },
    group.servers,
  ],
  "a cluster": [{ cluster: { nodes: cluster.urls }, commandTimeoutMs }, cluster.nodes],
  "a Cluster handed in": [{ client: clusterClient }, cluster.nodes],
};

for (const [name, [options, servers]] of Object.entries(places)) {
  const opened = (): RemoteTierUnderTest => ({
    tier: redis(options),
    another: () => redis(options),
    breakBus: async () => {
      await Promise.all(servers.map(({ port }) => asked(port, "CLIENT KILL TYPE pubsub")));
    },
  });
  const suites: Readonly<Record<string, readonly ContractCase[]>> = {
    tiers: remoteTierSuite(opened),
    fences: fenceSuite(opened),
    locks: lockSuite(opened),
    buses: busSuite(opened),
    scans: scanSuite(opened),
  };
  for (const [what, cases] of Object.entries(suites)) {
    describe(`the contract of ${what}, on ${name}`, () => {
      for (const { title, run } of cases) test(title, run);
    });
  }
}
