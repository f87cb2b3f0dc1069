import { randomUUID } from "node:crypto";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { echoed, Heard, listening, redisTier } from "./listening.ts";
import { eventually, onEachServer, PATIENT_MS } from "./servers.ts";

/** Far above what a prompt end takes, far below what waiting for a server would. */
const PROMPT_MS = 2_500;

onEachServer((kind) => {
  let server: RedisServer;
  let channel: string;
  const opened: RedisTier[] = [];
  const clients: Redis[] = [];
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);

  beforeAll(async () => {
    process.on("unhandledRejection", onUnhandled);
    server = await startRedis(kind === undefined ? {} : { kind });
  });

  beforeEach(() => {
    channel = `channel:${randomUUID()}`;
  });

  afterEach(async () => {
    server.resume();
    await Promise.all(opened.splice(0).map((tier) => tier.close()));
    for (const client of clients.splice(0)) client.disconnect();
    await server.restart();
    expect(unhandled).toEqual([]);
  });

  afterAll(async () => {
    await server.stop();
    process.off("unhandledRejection", onUnhandled);
  });

  function open(url: string = server.url): RedisTier {
    const tier = redisTier(redis({ url, commandTimeoutMs: PATIENT_MS }));
    opened.push(tier);
    return tier;
  }

  function admin(): Redis {
    const client = new Redis(server.url);
    client.on("error", () => {});
    clients.push(client);
    return client;
  }

  async function endsPromptly(end: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    await end();
    expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS);
  }

  test("a listening connection that is killed is made anew, and the gap is told", async () => {
    const tier = open();
    const heard = await listening(tier, channel);
    for (const gaps of [2, 3, 4]) {
      await admin().call("CLIENT", "KILL", "TYPE", "pubsub");
      await eventually(() => heard.gaps === gaps);
    }
    await tier.bus.publish("afterwards");
    await heard.until("afterwards");
    expect(heard.all).toEqual(["gap", "gap", "gap", "gap", "afterwards"]);
  });

  test("a server that is killed and comes back is listened to again, and the gap is told", async () => {
    const tier = open();
    const heard = await listening(tier, channel);
    await server.kill();
    await expect(tier.bus.publish("lost")).rejects.toMatchObject({ code: "TIER_FAILED" });
    await expect(tier.bus.echo("lost")).rejects.toMatchObject({ code: "TIER_FAILED" });
    await server.restart();
    await eventually(() => heard.gaps === 2);
    await echoed(tier, heard);
    expect(heard.all).not.toContain("lost");
  });

  test("who listens before there is a server hears it when there is one", async () => {
    const { port } = server;
    await server.kill();
    const tier = open(`redis://127.0.0.1:${port}`);
    const heard = new Heard();
    tier.bus.listen(channel, heard);
    await expect(tier.bus.publish("lost")).rejects.toMatchObject({ code: "TIER_FAILED" });
    await server.restart();
    await echoed(tier, heard);
    expect(heard.all[0]).toBe("gap");
    expect(heard.gaps).toBe(1);
  });

  test("a subscriber that the server drops for being too slow is told of the gap", async () => {
    const tier = open();
    const heard = await listening(tier, channel);
    const flooder = admin();
    await flooder.config("SET", "client-output-buffer-limit", "pubsub 65536 65536 1");
    // In one step, so that the server has no occasion to send any of it.
    const flood = "for i = 1, 2000 do redis.call('PUBLISH', ARGV[1], string.rep('x', 1000)) end";
    await flooder.eval(flood, 0, channel);
    await eventually(() => heard.gaps === 2);
    await echoed(tier, heard);
  });

  test("closing is prompt and leaves nothing, whatever the server does", async () => {
    await endsPromptly(async () => {
      const atOnce = open();
      atOnce.bus.listen(channel, new Heard());
      await atOnce.close();
    });
    const [hung, killed, reconnecting] = [open(), open(), open()];
    for (const tier of [hung, killed, reconnecting]) await listening(tier, channel);
    server.hang();
    const call = hung.bus.echo("1").catch(() => "failed");
    await endsPromptly(() => hung.bus.close());
    await endsPromptly(() => hung.close());
    expect(await call).toBe("failed");
    server.resume();
    await server.kill();
    await endsPromptly(() => killed.close());
    await eventually(() => reconnecting.now() === undefined);
    await endsPromptly(() => reconnecting.close());
    await server.restart();
    const observer = admin();
    await eventually(
      async () =>
        String(await observer.client("LIST"))
          .trim()
          .split("\n").length === 1,
    );
  });

  test("connections lost at the worst moments leave nothing unhandled", async () => {
    for (let round = 0; round < 5; round++) {
      const tier = open();
      const heard = new Heard();
      tier.bus.listen(channel, heard);
      if (round % 2 === 0) await heard.until("gap");
      const calls = Array.from({ length: 20 }, (_, index) => [
        tier.bus.echo(String(index)),
        tier.bus.publish("a message"),
      ]).flat();
      const ended = Promise.allSettled(calls);
      await server.kill();
      expect(await ended).toHaveLength(40);
      await server.restart();
    }
  });
});
