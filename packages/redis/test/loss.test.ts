import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis, type RedisOptions } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { redisTier } from "./listening.ts";
import { eventually, onEachServer, PATIENT_MS, readOne, remove, write } from "./servers.ts";

onEachServer((kind) => {
  let server: RedisServer;
  const opened: RedisTier[] = [];
  const clients: Redis[] = [];

  beforeAll(async () => {
    server = await startRedis(kind === undefined ? {} : { kind });
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((tier) => tier.close()));
    for (const client of clients.splice(0)) client.disconnect();
    const admin = newClient();
    await admin.flushall();
    await admin.save();
    admin.disconnect();
    vi.restoreAllMocks();
  });

  afterAll(() => server.stop());

  function newClient(options: Omit<RedisOptions, "replyMapping"> = {}): Redis {
    const client = new Redis({ ...options, port: server.port });
    client.on("error", () => {});
    clients.push(client);
    return client;
  }

  function open(options: { readonly url: string } | { readonly client: Redis }): RedisTier {
    const tier = redisTier(redis("url" in options ? { ...options, commandTimeoutMs: PATIENT_MS } : options));
    opened.push(tier);
    return tier;
  }

  /** How often a tier has told of a loss. */
  function losses(tier: RedisTier): () => number {
    let count = 0;
    tier.onLoss(() => {
      count++;
    });
    return () => count;
  }

  /** Has a key in what the server will come back with, although its removal has been acknowledged. */
  async function removedInVain(tier: RedisTier, key: string): Promise<void> {
    await write(tier, key, "old");
    const admin = newClient();
    await admin.save();
    await remove(tier, key);
  }

  /** Breaks all connections of clients, and comes back when the tier has a new one. */
  async function reconnected(tier: RedisTier): Promise<void> {
    const admin = newClient();
    await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await eventually(() => tier.now() === undefined);
    await eventually(() => tier.now() !== undefined);
  }

  test("the first server is no loss, nor is a broken connection to it", async () => {
    const tier = open({ url: server.url });
    const count = losses(tier);
    await write(tier, "a", "frame");
    for (let round = 0; round < 3; round++) {
      await reconnected(tier);
      expect(Buffer.from((await readOne(tier, "a")) ?? []).toString()).toBe("frame");
    }
    expect(count()).toBe(0);
  });

  test("a restarted server is a loss, told once and before anything of it is read", async () => {
    const tier = open({ url: server.url });
    await removedInVain(tier, "a");
    const count = losses(tier);
    const read: number[] = [];
    const reading = (async () => {
      while (read.length < 100) {
        const frame = await readOne(tier, "a").catch(() => undefined);
        if (frame !== undefined) read.push(count());
        await new Promise(setImmediate);
      }
    })();
    await server.restart();
    await reading;
    expect(read.every((told) => told === 1)).toBe(true);
    await reconnected(tier);
    expect(count()).toBe(1);
    await server.restart();
    await eventually(() => count() === 2);
  });

  test("a command given at the very moment of reconnecting waits until it is known who answers, and fails if that is a loss", async () => {
    for (const options of [{}, { enableOfflineQueue: false }, { enableReadyCheck: false }]) {
      const client = newClient(options);
      const reconnections: (() => void)[] = [];
      // Heard before the tier itself hears of it.
      client.on("ready", () => {
        // Once each: what a later reconnection is answered is nobody's to wait for.
        for (const listener of reconnections.splice(0)) listener();
      });
      const tier = open({ client });
      await removedInVain(tier, "a");
      const found = new Promise<Uint8Array | undefined>((resolve) => {
        reconnections.push(() => resolve(readOne(tier, "a")));
      });
      // What a cache has to say after a loss is the first that the server gets.
      const removal = new Promise<void>((resolve) => {
        let isTold = false;
        tier.onLoss(() => {
          // Of the next restarts this tier hears too.
          if (!isTold) resolve(remove(tier, "a"));
          isTold = true;
        });
      });
      // Both may be over before the server's restart has been noticed here.
      const refused = expect(found).rejects.toMatchObject({ cause: { code: "NOT_CONNECTED" } });
      await server.restart();
      await refused;
      await removal;
      expect(await readOne(tier, "a")).toBeUndefined();
    }
  });

  test("while a client is away calls fail at once, also on one that would keep them for later", async () => {
    // It would not try to connect before the test is over.
    const client = newClient({ retryStrategy: () => 600_000 });
    const tier = open({ client });
    await write(tier, "a", "frame");
    await server.kill();
    await eventually(() => tier.now() === undefined);
    const notConnected = { code: "TIER_FAILED", cause: { code: "NOT_CONNECTED" } };
    await expect(write(tier, "a", "late")).rejects.toMatchObject(notConnected);
    await expect(readOne(tier, "a")).rejects.toMatchObject(notConnected);
    await server.restart();
    client.disconnect();
    await client.connect();
    await eventually(() => tier.now() !== undefined);
    expect(await readOne(tier, "a")).toBeUndefined();
  });

  test("a server that does not tell who it is counts as lost with every connection", async () => {
    const warnings = vi.spyOn(console, "warn").mockImplementation(() => {});
    const admin = newClient();
    await admin.acl("SETUSER", "blind", "on", ">pw", "~*", "&*", "+@all", "-info");
    const tier = open({ url: server.url.replace("redis://", "redis://blind:pw@") });
    const count = losses(tier);
    await write(tier, "a", "frame");
    expect(count()).toBe(0);
    for (const told of [1, 2, 3]) {
      await reconnected(tier);
      await readOne(tier, "a");
      expect(count()).toBe(told);
    }
    // ioredis says so itself; nobody else does.
    expect(warnings.mock.calls.flat().every((text) => String(text).startsWith("Skipping the ready check"))).toBe(true);
  });
});
