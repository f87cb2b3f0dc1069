import { createCache, minutes } from "@tiercache/core";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redis } from "../src/index.ts";
import { eventually, onEachServer, PATIENT_MS } from "./servers.ts";

/** What the default path may use, all of it older than Redis 6.2, and the words that each may be given besides keys and values. */
const COMMANDS_OF_6_2: Readonly<Record<string, readonly string[]>> = {
  get: [],
  mget: [],
  set: ["px", "nx"],
  unlink: [],
  getrange: [],
  setrange: [],
  strlen: [],
  pttl: [],
  pexpire: [],
  persist: [],
  eval: [],
  evalsha: [],
  publish: [],
  subscribe: [],
  unsubscribe: [],
  scan: ["match", "count"],
  time: [],
  info: [],
  ping: [],
  quit: [],
  client: [],
};

/** Words that came later, or that are no part of what is sent: `SET … GET` is refused beside `NX` by 6.2, `IFEQ` is of 8. */
const LATER = new Set(["get", "ifeq", "xx", "gt", "lt", "exat", "pxat", "keepttl", "novalues"]);

onEachServer((kind) => {
  let server: RedisServer;
  let admin: Redis;

  beforeAll(async () => {
    server = await startRedis(kind === undefined ? {} : { kind });
    admin = new Redis(server.url);
    admin.on("error", () => {});
    // What it says of itself to begin with is over: ioredis takes what is said between MONITOR and its answer for an error.
    await admin.ping();
  });

  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  test("a cache sends nothing that Redis 6.2 does not know, and no transaction, whatever is asked of it", async () => {
    const seen: (readonly string[])[] = [];
    const monitor = await admin.monitor();
    monitor.on("error", () => {});
    monitor.on("monitor", (_time: string, command: string[]) => seen.push(command));
    await everything(server.url);
    await admin.get("the end");
    await eventually(() => seen.at(-1)?.includes("the end") === true);
    monitor.disconnect();
    expect(seen.length).toBeGreaterThan(60);
    const names = new Set(seen.map(([name = ""]) => name.toLowerCase()));
    expect([...names].filter((name) => !(name in COMMANDS_OF_6_2))).toEqual([]);
    for (const name of ["set", "unlink", "evalsha", "eval", "scan", "publish"]) expect(names).toContain(name);
    const later = seen.filter(([name = "", ...args]) => {
      const words = COMMANDS_OF_6_2[name.toLowerCase()] ?? [];
      // Scripts and announcements carry text of any kind.
      if (/^(eval|evalsha|publish)$/i.test(name)) return false;
      return args.some((arg) => LATER.has(arg.toLowerCase()) && !words.includes(arg.toLowerCase()));
    });
    expect(later).toEqual([]);
    const scripts = seen.filter(([name]) => name?.toLowerCase() === "eval").map(([, source = ""]) => source);
    // Flags in a first line are of 7; the libraries named are not everywhere.
    for (const source of scripts) expect(source).not.toMatch(/^\s*#!|\b(cjson|cmsgpack|struct|bit)\./);
  });
});

/** Everything that a cache can ask of a server by default, in two processes. */
async function everything(url: string): Promise<void> {
  const opened = [1, 2].map(() => {
    const cache = createCache({ tiers: [redis({ url, commandTimeoutMs: PATIENT_MS })], deadlineMs: 10_000 });
    let loads = 0;
    const rules = { ttlMs: minutes(1), staleIfErrorMs: minutes(1) };
    const users = cache.namespace("user", { load: () => ++loads, tags: () => ["t"], ...rules });
    const slid = cache.namespace("slid", { load: () => ++loads, ttlMs: 2_000, sliding: true });
    const held = cache.namespace("held", { load: () => ++loads, holdOffMs: 1_000 });
    const rows = cache.namespace("row", { load: () => ({ version: ++loads }), version: (row) => row.version });
    return { cache, users, slid, held, rows };
  });
  for (const { cache, users, slid, held, rows } of [...opened, ...opened]) {
    await users.getMany([["1"], ["2"], ["3"]]);
    await users.set("4", 4);
    await Promise.all([slid.get("1"), held.get("1"), rows.get("1")]);
    await cache.drain();
    await users.invalidate("1");
    await users.get("1");
    await users.deleteMany(["2"]);
    await cache.invalidateTags(["t"]);
    await users.getMany([["1"], ["2"]]);
    await cache.deleteByTags(["t"]);
    await held.invalidate("1");
    await rows.invalidateMany(["1"], { version: 5 });
    await rows.get("1");
    await rows.set("1", { version: 9 });
    await users.invalidatePattern("3*");
    await cache.withLock("lock", { leaseMs: 300 }, async ({ token }) => {
      await new Promise((resolve) => setTimeout(resolve, 150 + (token > 0 ? 1 : 0)));
    });
    await cache.clear();
    await users.get("1");
    await cache.drain();
  }
  await Promise.all(opened.map(({ cache }) => cache.close()));
}
