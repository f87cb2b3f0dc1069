import { asked, awaitUntil } from "@tooling/redis-server";
import { expect } from "vitest";
import { testRows } from "./rows.ts";
import { FRESH, World } from "./world.ts";

/** What the server is told to hold while a removal is forgotten: a snapshot from before. */
async function snapshotWithOldValue(world: World): Promise<ReturnType<World["reader"]>> {
  const reader = world.patient();
  world.database.set("7", 1);
  await world.reaches(reader);
  await reader.certified("7");
  await awaitUntil("a kept value", async () => (await world.stateOf("7")) === FRESH);
  await world.admin.save();
  return reader;
}

/** Whether a read was answered without a turn of the event loop, so by nothing that is outside this process. */
function isImmediate(read: Promise<unknown>): Promise<boolean> {
  const turn = new Promise<false>((resolve) => {
    setImmediate(() => resolve(false));
  });
  return Promise.race([read.then(() => true), turn]);
}

testRows([
  {
    id: "F1",
    holds:
      "with the server killed reads are answered, invalidations are queued, and done before that server is read again",
    async run() {
      await using world = await World.start();
      const reader = world.reader();
      await world.reaches(reader);
      await reader.certified("7");
      await world.server.kill();
      expect(await world.readsRight(reader, "7")).toMatchObject({ source: "lru" });
      for (let key = 0; key < 50; key++) expect((await world.readsRight(reader, `cold ${key}`)).source).toBe("loader");
      await reader.opened();
      expect(await isImmediate(world.readsRight(reader, "later"))).toBe(true);
      expect(await world.change("7", reader)).toBe("queued");
      expect(await world.readsRight(reader, "7")).toMatchObject({ value: 1 });
      await world.server.restart();
      await world.reaches(reader);
      expect(await world.readsRight(world.reader(), "7")).toMatchObject({ value: 1 });
    },
  },
  {
    id: "F2",
    holds: "a hung server costs a few deadlines, and then nothing until it answers",
    async run() {
      await using world = await World.start();
      const reader = world.reader();
      await world.reaches(reader);
      world.server.hang();
      let waited = 0;
      for (let key = 0; key < 30; key++) {
        const read = world.readsRight(reader, `cold ${key}`);
        if (!(await isImmediate(read))) waited++;
        await read;
      }
      // Until the breaker is open; no longer than a few deadlines each.
      expect(waited).toBeLessThanOrEqual(3);
      await reader.opened();
      world.server.resume();
      await world.reaches(reader);
    },
  },
  {
    id: "F3",
    holds: "what was sent to a hung server and is carried out when it goes on does no harm",
    async run() {
      await using world = await World.start();
      const [reader, other] = [world.reader(), world.reader()];
      await world.reaches(reader);
      for (let round = 0; round < 5; round++) {
        const id = `round ${round}`;
        const reading = reader.read(id);
        world.server.hang();
        await reading;
        await world.change(id, reader);
        world.server.resume();
        await world.reaches(reader);
        await world.reaches(other);
        for (const each of [reader, other]) expect((await world.readsRight(each, id)).value).toBe(1);
      }
    },
  },
  {
    id: "F4",
    holds: "after a restart that lost everything each key is loaded once, by scripts that are sent again",
    async run() {
      await using world = await World.start();
      const readers = [world.patient(), world.patient(), world.patient()];
      for (const reader of readers) await world.reaches(reader);
      await world.server.restart();
      for (const reader of readers) await world.reaches(reader);
      for (const reader of readers) reader.loads = 0;
      await Promise.all(
        readers.map((reader) => Promise.all(Array.from({ length: 50 }, (_, key) => reader.read(`${key}`)))),
      );
      expect(readers.reduce((sum, { loads }) => sum + loads, 0)).toBe(50);
    },
  },
  ...(["F5", "F6"] as const).map((id) => ({
    id,
    holds:
      id === "F5"
        ? "what a server has forgotten of invalidations, killed and back with older data, is done again before it is read"
        : "a server that is shut down and comes back has forgotten nothing that matters",
    async run() {
      await using world = await World.start();
      const reader = await snapshotWithOldValue(world);
      expect(await world.change("7", reader)).toBe("done");
      if (id === "F6") await asked(world.server.port, "SHUTDOWN SAVE").catch(() => {});
      await world.server.restart();
      const values = new Set<number>();
      await world.readsRightUntil(reader, "7", ({ value, source, stale }) => {
        values.add(value);
        return source !== undefined && stale === undefined;
      });
      // What this process has itself invalidated does not answer as stale either.
      expect([...values]).toEqual([2]);
      await world.reaches(reader);
      expect((await world.readsRight(world.reader(), "7")).value).toBe(2);
    },
  })),
  {
    id: "F7",
    holds: "a server without memory takes no value and no lease, answers reads and does every removal",
    async run() {
      await using world = await World.start();
      const reader = world.patient();
      await world.reaches(reader);
      await reader.certified("7");
      await awaitUntil("a kept value", async () => (await world.stateOf("7")) === FRESH);
      await world.admin.config("SET", "maxmemory", "1");
      for (let key = 0; key < 10; key++) expect((await world.readsRight(reader, `cold ${key}`)).source).toBe("loader");
      expect(await world.readsRight(world.patient(), "7")).toMatchObject({ source: "redis" });
      expect(await world.change("7", reader)).toBe("done");
      expect(await world.stateOf("7")).toBeUndefined();
      expect((await world.readsRight(reader, "7")).value).toBe(1);
      await world.admin.config("SET", "maxmemory", "0");
      await world.reaches(reader);
    },
  },
  ...(["allkeys-lru", "volatile-lru"] as const).map((policy) => ({
    id: policy === "allkeys-lru" ? "F8" : "F9",
    holds: `under ${policy} with too little memory values are loaded again, and none is an old one`,
    async run() {
      await using world = await World.start({ args: ["--maxmemory", "3mb", "--maxmemory-policy", policy] });
      const [reader, other] = [world.patient(), world.patient()];
      const filling = async (): Promise<void> => {
        for (let key = 0; key < 400; key++) await world.admin.set(`noise:${key}`, "x".repeat(10_000)).catch(() => {});
      };
      await world.reaches(reader);
      for (let round = 0; round < 5; round++) {
        await Promise.all([filling(), ...[reader, other].map((each) => readAll(world, each, 40))]);
        for (let key = 0; key < 10; key++) expect(await world.change(`${key}`, reader)).toBe("done");
        for (let key = 0; key < 10; key++) await world.readsRight(reader, `${key}`);
      }
    },
  })),
]);

async function readAll(world: World, reader: ReturnType<World["reader"]>, count: number): Promise<void> {
  for (let key = 0; key < count; key++) await world.readsRight(reader, `${key}`);
}
