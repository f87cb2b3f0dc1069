import { randomUUID } from "node:crypto";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { Heard, listening, redisTier } from "./listening.ts";
import { call, eventually, onEachServer, PATIENT_MS, write } from "./servers.ts";

onEachServer((kind) => {
  let server: RedisServer;
  let admin: Redis;
  let channel: string;
  const opened: RedisTier[] = [];

  beforeAll(async () => {
    server = await startRedis(kind === undefined ? {} : { kind });
    admin = new Redis(server.url);
  });

  beforeEach(() => {
    channel = `channel:${randomUUID()}`;
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((tier) => tier.close()));
  });

  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  function open(client?: Redis): RedisTier {
    const tier = redisTier(
      client === undefined ? redis({ url: server.url, commandTimeoutMs: PATIENT_MS }) : redis({ client }),
    );
    opened.push(tier);
    return tier;
  }

  test("what anybody announces or publishes is heard by all who listen, its own announcements included", async () => {
    const [one, other] = [open(), open()];
    const heard = [await listening(one, channel), await listening(other, channel)];
    await one.bus.publish("published");
    await other.remove(["a"], { ...call, announce: "removed" });
    await one.bus.publish("the last");
    for (const by of heard) {
      await by.until("the last");
      expect(by.all).toEqual(["gap", "published", "removed", "the last"]);
    }
  });

  test("whatever stands on the channel is handed on as text", async () => {
    const heard = await listening(open(), channel);
    const long = "x".repeat(1_000_000);
    for (const text of ["", "\0", "línea\r\n", long]) await admin.publish(channel, text);
    await admin.publish(channel, Buffer.from([0xff, 0xfe, 0x80]));
    await admin.publish(channel, "the last");
    await heard.until("the last");
    expect(heard.all).toEqual(["gap", "", "\0", "línea\r\n", long, "\ufffd\ufffd\ufffd", "the last"]);
  });

  test("an echo comes back to its sender alone", async () => {
    const [one, other] = [open(), open()];
    const [mine, theirs] = [await listening(one, channel), await listening(other, channel)];
    await one.bus.echo("1");
    await mine.until("echo 1");
    await one.bus.publish("the last");
    await theirs.until("the last");
    expect(theirs.all).toEqual(["gap", "the last"]);
  });

  test("a connection is made for listening when somebody listens, and ends with it", async () => {
    const tier = open();
    await write(tier, "a", "frame");
    const connections = async (): Promise<number> =>
      String(await admin.client("LIST"))
        .trim()
        .split("\n").length;
    const before = await connections();
    const heard = await listening(tier, channel);
    expect(await connections()).toBe(before + 1);
    await Promise.all([tier.bus.close(), tier.bus.close()]);
    await eventually(async () => (await connections()) === before);
    await tier.bus.publish("to nobody");
    expect(heard.all).toEqual(["gap"]);
    const other = open();
    await listening(other, channel);
    await other.close();
    await eventually(async () => (await connections()) === before);
  });

  test("a second listener is refused: a tier announces on one channel", async () => {
    const tier = open();
    await listening(tier, channel);
    expect(() => tier.bus.listen("another", new Heard())).toThrow("The bus is listening already.");
  });

  test("an echo is behind everything that was announced before it was sent, by whomever", async () => {
    const tier = open();
    const heard = await listening(tier, channel);
    const publishers = [open(), open(), open(), tier];
    for (const by of publishers.slice(0, 3)) await listening(by, channel);
    /** What had been acknowledged when each echo was sent. */
    const before = new Map<string, number>();
    const acknowledged: string[] = [];
    const announcing = publishers.map(async (by, publisher) => {
      for (let round = 0; round < 60; round++) {
        const burst = Array.from({ length: 25 }, async (_, index) => {
          const text = `${publisher}:${round}:${index}`;
          if (index % 2 === 0) await by.bus.publish(text);
          else await by.remove([text], { ...call, announce: text });
          acknowledged.push(text);
        });
        await Promise.all(burst);
      }
    });
    const echoing = (async () => {
      for (let nonce = 0; acknowledged.length < 6_000; nonce++) {
        before.set(`echo ${nonce}`, acknowledged.length);
        await tier.bus.echo(String(nonce));
      }
    })();
    await Promise.all([...announcing, echoing]);
    await heard.until(`echo ${before.size - 1}`);
    const seen = new Set<string>();
    let late = 0;
    for (const one of heard.all) {
      const count = before.get(one);
      if (count === undefined) seen.add(one);
      else late += acknowledged.slice(0, count).filter((text) => !seen.has(text)).length;
    }
    expect(acknowledged).toHaveLength(6_000);
    expect(before.size).toBeGreaterThan(50);
    expect(late).toBe(0);
  });

  test("a client handed in stays as it is, and gives the bus a connection of its own", async () => {
    const client = new Redis(server.url, { keyPrefix: "prefix:", protocol: 3, replyMapping: "resp3" });
    const tier = open(client);
    const heard = await listening(tier, channel);
    await tier.bus.publish("published");
    await tier.bus.echo("1");
    await heard.until("echo 1");
    expect(heard.all).toEqual(["gap", "published", "echo 1"]);
    expect(client.mode).toBe("normal");
    expect(await client.ping()).toBe("PONG");
    await tier.close();
    expect(await client.ping()).toBe("PONG");
    client.disconnect();
  });
});
