import { randomUUID } from "node:crypto";
import { LinkProxy, type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import type { RedisTier } from "../src/redis-tier.ts";
import { echoed, Heard, listening, redisTier } from "./listening.ts";

import { eventually, onEachServer } from "./servers.ts";

onEachServer((kind) => {
  let server: RedisServer;
  let proxy: LinkProxy;
  let url: string;
  let channel: string;
  const opened: RedisTier[] = [];
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);

  beforeAll(async () => {
    process.on("unhandledRejection", onUnhandled);
    server = await startRedis(kind === undefined ? {} : { kind });
  });

  beforeEach(async () => {
    channel = `channel:${randomUUID()}`;
    proxy = new LinkProxy(server.port);
    url = await proxy.open();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((tier) => tier.close()));
    proxy.close();
    expect(unhandled).toEqual([]);
  });

  afterAll(async () => {
    await server.stop();
    process.off("unhandledRejection", onUnhandled);
  });

  function open(at: string = url, commandTimeoutMs = 200): RedisTier {
    const tier = redisTier(redis({ url: at, commandTimeoutMs }));
    opened.push(tier);
    return tier;
  }

  test("a connection that no echo comes back on is given up, though it is open", async () => {
    const tier = open();
    const heard = await listening(tier, channel);
    await echoed(tier, heard);
    const [link] = proxy.linksWith("subscribe");
    link?.freeze();
    await echoed(tier, heard);
    expect(link?.isOpen).toBe(false);
    expect(heard.gaps).toBe(2);
  });

  test("neither a pause of this process nor a slow answer is taken for a connection that leads nowhere", async () => {
    const [answered, slow, waiting] = [open(server.url), open(url, 15_000), open()];
    const tiers = [answered, slow, waiting];
    const heard = await Promise.all(tiers.map((tier, index) => listening(tier, `${channel}:${index}`)));
    await answered.bus.echo("1");
    await heard[0]?.until("echo 1");
    // This one comes back before the server's answer to it.
    await slow.bus.publish("found");
    const [data] = proxy.linksWith("found");
    data?.freeze();
    const echo = slow.bus.echo("1");
    await heard[1]?.until("echo 1");
    data?.thaw();
    await echo;
    // And this one the server has taken; it has arrived when the process goes on, longer after that than one may take.
    const [link] = proxy.linksWith(`${channel}:2`);
    link?.freeze();
    await waiting.bus.echo("arrived");
    await eventually(() => link?.answered.includes("arrived") === true);
    link?.thaw();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_300);
    await heard[2]?.until("echo arrived");
    await Promise.all(tiers.map((tier, index) => echoed(tier, heard[index] as Heard)));
    expect(heard.map(({ gaps }) => gaps)).toEqual([1, 1, 1]);
  });

  test("an echo that comes right behind the acknowledgement is not heard before the gap is told", async () => {
    const tier = open();
    const heard = await listening(tier, channel);
    proxy.freezeOn("subscribe");
    proxy.linksWith("subscribe")[0]?.cut();
    await eventually(() => proxy.linksWith("subscribe").length === 1);
    proxy.freezeNone();
    const [link] = proxy.linksWith("subscribe");
    await eventually(() => link?.answered.includes(":echo:") === true);
    await tier.bus.publish("a message");
    await tier.bus.echo("an echo");
    // So that all of it arrives in one piece.
    await eventually(() => link?.answered.includes("an echo") === true);
    link?.thaw();
    await echoed(tier, heard);
    expect(heard.gaps).toBe(2);
    expect(heard.all.indexOf("gap", 1)).toBe(1);
  });

  test("a server that does not acknowledge in time is tried again", async () => {
    const tier = open();
    const heard = await listening(tier, channel);
    const attempts = (): number => proxy.links.filter((link) => link.sent.includes("subscribe")).length;
    proxy.freezeOn("subscribe");
    proxy.linksWith("subscribe")[0]?.cut();
    await eventually(() => attempts() === 3);
    expect(heard.gaps).toBe(1);
    proxy.freezeNone();
    await eventually(() => heard.gaps === 2);
  });

  test("a user who may not listen is refused again and again, until he may", async () => {
    const root = new Redis(server.url);
    await root.acl("SETUSER", "deaf", "on", ">pw", "~*", "resetchannels", "+@all");
    const tier = open(url.replace("redis://", "redis://deaf:pw@"));
    const heard = new Heard();
    tier.bus.listen(channel, heard);
    await eventually(() => proxy.links.filter((link) => link.sent.includes("subscribe")).length === 3);
    await expect(tier.bus.publish("refused")).rejects.toMatchObject({ cause: { code: "NOPERM" } });
    await root.acl("SETUSER", "deaf", "allchannels");
    await heard.until("gap");
    root.disconnect();
  });
});
