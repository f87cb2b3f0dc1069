import type { CacheOptions } from "@tiercache/core";
import type { RedisOptions } from "@tiercache/redis";
import { awaitUntil, LinkProxy, startRedis } from "@tooling/redis-server";
import { expect } from "vitest";
import { testRows } from "./rows.ts";
import { FRESH, HORIZON_MS, READ_WITHIN_MS, type Reader, World } from "./world.ts";

/** How long a process may take to notice that nothing arrives any more. */
const NOTICED_WITHIN_MS = HORIZON_MS + READ_WITHIN_MS;

/** The matrix says 2 s; so long, it is not the message itself by which the proof ends. */
const HELD_UP_MS = 5 * NOTICED_WITHIN_MS;

/** A world with a process whose link to the server is bad, and one whose link is good. */
class LinkWorld extends World {
  readonly proxy: LinkProxy;

  constructor(...args: ConstructorParameters<typeof World>) {
    super(...args);
    this.proxy = new LinkProxy(this.server.port);
  }

  static override async start(): Promise<LinkWorld> {
    const world = new LinkWorld(await startRedis());
    await world.proxy.open();
    return world;
  }

  override reader(settings: Partial<CacheOptions> = {}, options?: RedisOptions): Reader {
    return super.reader(settings, options ?? { url: this.proxied });
  }

  /** Where the server is reached through the proxy. */
  get proxied(): string {
    return `redis://127.0.0.1:${this.proxy.port}`;
  }

  /** The process behind the proxy and the one beside it, with the key `7` certified in the first. */
  async processes(behind: Reader = this.reader()): Promise<readonly [behind: Reader, beside: Reader]> {
    const beside = this.patient();
    await this.reaches(beside);
    await behind.certified("7");
    await this.kept("7");
    return [behind, beside];
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    this.proxy.close();
  }
}

/** Has a value changed elsewhere; comes back when a process has noticed that it might have missed that. */
async function changedUnheard(world: LinkWorld, behind: Reader, beside: Reader): Promise<void> {
  expect(await world.change("7", beside)).toBe("done");
  await awaitUntil("an end of the proof", () => !behind.isCertified("7"), NOTICED_WITHIN_MS);
}

testRows([
  {
    id: "F20",
    holds: "a slow link makes nothing wrong, and what is certified locally answers as ever",
    async run() {
      await using world = await LinkWorld.start();
      const [behind, beside] = await world.processes();
      world.proxy.onEach((link) => link.delay(() => Math.random() * 75));
      await behind.certified("7");
      for (let key = 0; key < 20; key++) await world.readsRight(behind, `cold ${key}`);
      for (let round = 0; round < 10; round++) {
        expect(await world.change("7", beside)).toBe("done");
        await new Promise((resolve) => setTimeout(resolve, NOTICED_WITHIN_MS / 10));
        const version = world.database.get("7");
        await awaitUntil("the new version", async () => (await behind.read("7")).value === version, NOTICED_WITHIN_MS);
      }
    },
  },
  {
    id: "F21",
    holds: "over a narrow link a large value is given up, and small ones come",
    async run() {
      await using world = await LinkWorld.start();
      const [behind] = await world.processes();
      world.proxy.onEach((link) => link.limit(64 * 1_024));
      const documents = behind.cache.namespace("document", { load: () => "x".repeat(1_000_000) });
      const startedAt = performance.now();
      expect(await documents.get("large")).toHaveLength(1_000_000);
      expect(performance.now() - startedAt).toBeLessThan(READ_WITHIN_MS);
      let isKept = false;
      for (let attempt = 0; attempt < 60 && !isKept; attempt++) {
        const id = `small-${attempt}`;
        await world.readsRight(behind, id);
        const kept = awaitUntil("a commit", async () => (await world.stateOf(id)) === FRESH, 500);
        isKept = await kept.then(
          () => true,
          () => false,
        );
      }
      expect(isKept).toBe(true);
    },
  },
  {
    id: "F22",
    holds: "a link that stalls for seconds at a time is done without meanwhile",
    async run() {
      await using world = await LinkWorld.start();
      const [behind, beside] = await world.processes();
      for (let stall = 0; stall < 3; stall++) {
        for (const link of world.proxy.links) link.freeze();
        await changedUnheard(world, behind, beside);
        for (let key = 0; key < 5; key++) await world.readsRight(behind, `cold ${stall} ${key}`);
        for (const link of world.proxy.links) link.thaw();
        await behind.certified("7");
        expect((await world.readsRight(behind, "7")).value).toBe(stall + 1);
      }
    },
  },
  {
    id: "F23",
    holds: "a reset in the middle of an answer is a failure, and never half a value",
    async run() {
      await using world = await LinkWorld.start();
      const [behind] = await world.processes();
      for (let key = 0; key < 20; key++) await behind.users.get(`kept ${key}`);
      await awaitUntil("kept values", async () => (await world.stateOf("kept 19")) === FRESH);
      for (let bytes = 1; bytes <= 120; bytes += 7) {
        const reader = world.reader();
        await awaitUntil("a connection", async () => (await reader.read("7")).source === "redis");
        for (const link of world.proxy.links) link.resetAfter(bytes);
        for (let key = 0; key < 20; key++) await world.readsRight(reader, `kept ${key}`);
        expect(reader.observer.events.filter(({ type }) => type === "frame-rejected")).toEqual([]);
        await reader.cache.close();
      }
    },
  },
  {
    id: "F24",
    holds: "a link that nothing goes through any more, and that stays open, ends the proof and is given up",
    async run() {
      await using world = await LinkWorld.start();
      const [behind, beside] = await world.processes();
      const links = world.proxy.links.filter((link) => link.isOpen);
      for (const link of links) link.blackhole();
      await changedUnheard(world, behind, beside);
      await world.readsRight(behind, "7");
      await awaitUntil("an end of the links", () => links.every((link) => !link.isOpen), 10_000);
      await behind.certified("7");
      expect((await world.readsRight(behind, "7")).value).toBe(1);
    },
  },
  {
    id: "F25",
    holds: "when only what is listened to does not arrive, the proof ends, and values are confirmed by the server",
    async run() {
      await using world = await LinkWorld.start();
      // Waits for the server however busy this machine is: the way there is sound, so it is not done without.
      const [behind, beside] = await world.processes(world.patient(world.proxied));
      for (const link of world.proxy.subscribers) link.drop("answered");
      await changedUnheard(world, behind, beside);
      expect(await world.readsRight(behind, "7")).toMatchObject({ value: 1, stale: undefined });
      await behind.certified("7");
    },
  },
  {
    id: "F26",
    holds: "after a listening connection was lost each value is confirmed once, as it is read",
    async run() {
      await using world = await LinkWorld.start();
      const behind = world.patient(world.proxied);
      for (let key = 0; key < 50; key++) await behind.certified(`${key}`);
      await awaitUntil("kept values", async () => (await world.stateOf("49")) === FRESH);
      const gaps = behind.observer.count("bus-gap");
      for (const link of world.proxy.subscribers) link.cut();
      await awaitUntil("a gap", () => behind.observer.count("bus-gap") > gaps);
      behind.loads = 0;
      await behind.certified("7");
      const before = behind.observer.events.filter((event) => event.type === "hit" && event.tier === "redis").length;
      for (let key = 0; key < 10; key++) await world.readsRight(behind, `${key}`);
      const after = behind.observer.events.filter((event) => event.type === "hit" && event.tier === "redis").length;
      // Only what was touched, and once.
      expect(after - before).toBeLessThanOrEqual(10);
      expect(behind.loads).toBe(0);
    },
  },
  {
    id: "F27",
    holds: "a process that is dropped for listening too slowly knows that it has missed something",
    async run() {
      await using world = await LinkWorld.start();
      const [behind, beside] = await world.processes();
      await world.admin.config("SET", "client-output-buffer-limit", "pubsub 65536 65536 1");
      const flood = "for i = 1, 2000 do redis.call('PUBLISH', ARGV[1], string.rep('x', 1000)) end";
      await world.admin.eval(flood, 0, "tiercache");
      await world.change("7", beside);
      await awaitUntil("the new version", async () => (await behind.read("7")).value === 1, NOTICED_WITHIN_MS);
    },
  },
  {
    id: "F28",
    holds:
      "while messages are held up on their way the proof is not renewed, and the echoes among them renew none from before",
    async run() {
      await using world = await LinkWorld.start();
      const [behind, beside] = await world.processes(world.patient(world.proxied));
      for (const link of world.proxy.subscribers) link.delay(() => HELD_UP_MS);
      await changedUnheard(world, behind, beside);
      expect(await world.readsRight(behind, "7")).toMatchObject({ value: 1, stale: undefined });
      for (const link of world.proxy.links) link.delay(() => 0);
      await behind.certified("7");
    },
  },
]);
