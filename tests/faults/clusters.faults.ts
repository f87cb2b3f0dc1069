import {
  asked,
  awaitUntil,
  type RedisCluster,
  type RedisServer,
  startRedis,
  startRedisCluster,
  startSentinels,
} from "@tooling/redis-server";
import { Redis } from "ioredis";
import { expect } from "vitest";
import { CacheProcess } from "./cache-process.ts";
import type { ProcessOptions } from "./cache-process-messages.ts";
import { testRows } from "./rows.ts";
import { READ_WITHIN_MS } from "./world.ts";

/** How many keys are read and invalidated: on every master. */
const KEYS = 24;

/**
 * How long after a failover was known to the servers an invalidation of before may have been unknown to the new master: until
 * each process has heard of it, and the one that invalidated has done it again.
 */
const REPLAYED_WITHIN_MS = 5_000;

const ids: readonly string[] = Array.from({ length: KEYS }, (_, index) => `${index}`);

/** Two processes over one group of servers, and the versions in the database. */
class Pair implements AsyncDisposable {
  readonly database: Redis;
  readonly one: CacheProcess;
  readonly other: CacheProcess;
  readonly #server: RedisServer;

  constructor(server: RedisServer, [one, other]: readonly [CacheProcess, CacheProcess]) {
    this.database = new Redis(server.url);
    this.one = one;
    this.other = other;
    this.#server = server;
  }

  static async start(places: Omit<ProcessOptions, "database">): Promise<Pair> {
    const server = await startRedis();
    const start = (): Promise<CacheProcess> => CacheProcess.start({ ...places, database: server.url });
    return new Pair(server, [await start(), await start()]);
  }

  /** Changes a key in the database, and has a process invalidate it; whether the servers were told. */
  async change(id: string, by: CacheProcess): Promise<"done" | "queued"> {
    await this.database.incr(`database:${id}`);
    return (await by.ask("invalidate", id)).status ?? "queued";
  }

  /** Changes a key until the servers have followed: on a busy machine one may be late. */
  async changed(id: string, by: CacheProcess): Promise<void> {
    await awaitUntil("a change that was told", async () => (await this.change(id, by)) === "done", REPLAYED_WITHIN_MS);
  }

  async versionOf(id: string): Promise<number> {
    return Number((await this.database.get(`database:${id}`)) ?? 0);
  }

  /** Which keys a process reads wrongly without saying that they may be stale. */
  async wrongIn(process: CacheProcess): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const id of ids) {
      const expected = await this.versionOf(id);
      const startedAt = performance.now();
      const { value, stale } = await process.ask("get", id);
      const tookMs = performance.now() - startedAt;
      if (tookMs >= READ_WITHIN_MS) wrong.push(`${id}: after ${tookMs} ms`);
      if (stale === undefined && value !== expected) wrong.push(`${id}: ${value} instead of ${expected}`);
    }
    return wrong;
  }

  /** Reads all keys in both, until neither asks a loader any more. */
  async warm(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      for (const process of [this.one, this.other]) await Promise.all(ids.map((id) => process.ask("get", id)));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.one.kill(), this.other.kill()]);
    this.database.disconnect();
    await this.#server.stop();
  }
}

/** Changes keys, and has replicas not hear of it; comes back with the masters that know of it alone. */
async function changedUnreplicated(cluster: RedisCluster, pair: Pair): Promise<RedisServer> {
  const [master] = await cluster.masters();
  const [replica] = await cluster.replicasOf(master as RedisServer);
  replica?.hang();
  await asked(master?.port ?? 0, "CLIENT KILL TYPE replica");
  for (const id of ids) await pair.changed(id, pair.one);
  return master as RedisServer;
}

/** The ids whose keys lie on a node. */
async function idsOn(cluster: RedisCluster, node: RedisServer): Promise<readonly string[]> {
  const owners = ids.map(async (id) => {
    const slot = Number(/\d+/.exec(await asked(node.port, `CLUSTER KEYSLOT user:${id}`))?.[0]);
    return cluster.ownerOf(slot);
  });
  const all = await Promise.all(owners);
  return ids.filter((_, index) => all[index] === node);
}

testRows([
  {
    id: "F16",
    holds:
      "a cluster with a master missing answers for the others' keys or fails at once, and no proof stands meanwhile",
    async run() {
      await using cluster = await startRedisCluster({ replicas: 0 });
      await using pair = await Pair.start({ cluster: { nodes: cluster.urls } });
      await pair.warm();
      const [master] = await cluster.masters();
      await master?.kill();
      expect(await pair.wrongIn(pair.one)).toEqual([]);
      for (const id of ids) await pair.change(id, pair.one);
      expect(await pair.wrongIn(pair.one)).toEqual([]);
      await master?.restart();
      await cluster.whole();
      await awaitUntil("right values", async () => (await pair.wrongIn(pair.other)).length === 0, REPLAYED_WITHIN_MS);
      expect(await pair.wrongIn(pair.one)).toEqual([]);
    },
  },
  {
    id: "F17",
    holds: "slots that are moved while keys in them are read and invalidated change nothing",
    async run() {
      await using cluster = await startRedisCluster({ replicas: 0 });
      await using pair = await Pair.start({ cluster: { nodes: cluster.urls } });
      await pair.warm();
      for (const id of ids) {
        const slot = Number(await asked(cluster.nodes[0]?.port ?? 0, `CLUSTER KEYSLOT user:${id}`));
        const from = await cluster.ownerOf(slot);
        const to = (await cluster.masters()).find((each) => each !== from) as RedisServer;
        const move = await cluster.beginMove(slot, to);
        await pair.changed(id, pair.one);
        expect((await pair.one.ask("get", id)).value).toBe(await pair.versionOf(id));
        await move.moveKeys();
        await pair.changed(id, pair.other);
        expect((await pair.other.ask("get", id)).value).toBe(await pair.versionOf(id));
        await awaitUntil("no key left behind", async () => (await move.moveKeys()) === 0);
        await move.end();
        await pair.changed(id, pair.one);
        expect((await pair.one.ask("get", id)).value).toBe(await pair.versionOf(id));
      }
      await awaitUntil("right values", async () => (await pair.wrongIn(pair.other)).length === 0, REPLAYED_WITHIN_MS);
      expect(await pair.wrongIn(pair.one)).toEqual([]);
    },
  },
  {
    id: "F18",
    holds: "what a replica that takes over has never heard of is invalidated again",
    async run() {
      await using cluster = await startRedisCluster();
      await using pair = await Pair.start({ cluster: { nodes: cluster.urls } });
      await pair.warm();
      const master = await changedUnreplicated(cluster, pair);
      const [lost = ""] = await idsOn(cluster, master);
      await master.kill();
      // What the master that is gone could not be told waits for whoever takes over, and is done there before it is read.
      expect(await pair.change(lost, pair.one)).toBe("queued");
      for (const node of cluster.nodes) node.resume();
      // The process that has invalidated never reads what was there before, not even while nobody knows who is the master.
      const wrong: string[] = [];
      await awaitUntil("a replica as master", async () => {
        wrong.push(...(await pair.wrongIn(pair.one)));
        return (await cluster.masters()).length === 3 && !(await cluster.masters()).includes(master);
      });
      expect(wrong).toEqual([]);
      await awaitUntil("right values", async () => (await pair.wrongIn(pair.other)).length === 0, REPLAYED_WITHIN_MS);
      expect(await pair.wrongIn(pair.one)).toEqual([]);
      for (const id of ids) await pair.changed(id, pair.other);
      await awaitUntil("right values", async () => (await pair.wrongIn(pair.one)).length === 0, REPLAYED_WITHIN_MS);
    },
  },
  {
    id: "F18, split",
    holds: "a master that is cut off from the others is left for the replica that takes over, though clients reach it",
    async run() {
      await using cluster = await startRedisCluster({ proxied: true });
      await using pair = await Pair.start({ cluster: { nodes: cluster.urls } });
      await pair.warm();
      // Not the one that is asked who the masters are.
      const master = (await cluster.masters()).find((each) => each !== cluster.nodes[0]) as RedisServer;
      await cluster.cutOff(master);
      const wrong: string[] = [];
      await awaitUntil("a replica as master", async () => {
        for (const id of ids) await pair.change(id, pair.one);
        wrong.push(...(await pair.wrongIn(pair.one)));
        return !(await cluster.masters()).includes(master);
      });
      expect(wrong).toEqual([]);
      await awaitUntil("right values", async () => (await pair.wrongIn(pair.other)).length === 0, REPLAYED_WITHIN_MS);
      expect(await pair.wrongIn(pair.one)).toEqual([]);
      cluster.reconnect();
      await cluster.whole();
      for (const id of ids) await pair.changed(id, pair.other);
      await awaitUntil("right values", async () => (await pair.wrongIn(pair.one)).length === 0, REPLAYED_WITHIN_MS);
      expect(await pair.wrongIn(pair.other)).toEqual([]);
    },
  },
  {
    id: "F19",
    holds: "a replica that Sentinels make the primary is told again what it has never heard of",
    async run() {
      await using group = await startSentinels();
      await using pair = await Pair.start({ sentinel: { nodes: group.urls, group: group.group } });
      await pair.warm();
      const [primary, replica] = group.servers as readonly [RedisServer, RedisServer];
      await asked(replica.port, "REPLICAOF 127.0.0.1 1");
      for (const id of ids) await pair.changed(id, pair.one);
      await primary.kill();
      await group.failedOverFrom(primary);
      expect(await pair.wrongIn(pair.one)).toEqual([]);
      await pair.changed("0", pair.one);
      await awaitUntil("right values", async () => (await pair.wrongIn(pair.other)).length === 0, REPLAYED_WITHIN_MS);
      expect(await pair.wrongIn(pair.one)).toEqual([]);
    },
  },
]);
