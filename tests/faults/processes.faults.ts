import { awaitUntil } from "@tooling/redis-server";
import { expect } from "vitest";
import { CacheProcess } from "./cache-process.ts";
import { testRows } from "./rows.ts";
import { FRESH, HORIZON_MS, PATIENT_MS, READ_WITHIN_MS, type Reader, World } from "./world.ts";

/** Stops everything in this process: no timer, no message. */
function blocked(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

testRows([
  {
    id: "F31",
    holds: "a process that is paused beyond its lease fills nothing when it goes on, and serves nothing old",
    async run() {
      await using world = await World.start();
      const reader = world.reader();
      await world.reaches(reader);
      await using paused = await CacheProcess.start({ url: world.server.url, database: world.server.url });
      await world.admin.set("database:7", "1");
      world.database.set("7", 1);
      const loading = paused.ask("get", "7", { loadMs: 300 });
      await awaitUntil("a lease", async () => (await world.stateOf("7")) !== undefined);
      paused.pause();
      // Its lease is dropped by the invalidation, and somebody else fills the key.
      await world.admin.set("database:7", "2");
      world.database.set("7", 1);
      await world.change("7", reader);
      expect((await world.readsRight(reader, "7")).value).toBe(2);
      await world.kept("7");
      paused.resume();
      await loading;
      expect((await paused.ask("get", "7")).value).toBe(2);
      expect((await world.readsRight(world.reader(), "7")).value).toBe(2);
    },
  },
  {
    id: "F33",
    holds: "what a killed process could not tell is bounded by the life of the value",
    async run() {
      await using world = await World.start();
      await using killed = await CacheProcess.start({
        url: world.server.url,
        database: world.server.url,
        ttlMs: 3_000,
        commandTimeoutMs: PATIENT_MS,
        deadlineMs: PATIENT_MS,
      });
      await world.admin.set("database:7", "1");
      world.database.set("7", 1);
      expect((await killed.ask("get", "7")).value).toBe(1);
      await awaitUntil("a kept value", async () => (await world.stateOf("7")) === FRESH);
      await world.admin.replicaof("127.0.0.1", 1);
      expect((await killed.ask("invalidate", "7")).status).toBe("queued");
      await killed.kill();
      await world.admin.replicaof("NO", "ONE");
      world.database.set("7", 2);
      const reader = world.reader();
      await awaitUntil("the new version", async () => (await reader.read("7")).value === 2, 10_000);
    },
  },
  {
    id: "F34",
    holds: "a process whose event loop stood still believes nothing that it held until it is proved again",
    async run() {
      await using world = await World.start();
      await using elsewhere = await CacheProcess.start({
        url: world.server.url,
        commandTimeoutMs: PATIENT_MS,
        deadlineMs: PATIENT_MS,
        database: world.server.url,
      });
      const reader = world.reader();
      await reader.certified("7");
      await world.kept("7");
      world.database.set("7", 1);
      const done = elsewhere.ask("invalidate", "7");
      blocked(HORIZON_MS + 500);
      expect(reader.isCertified("7")).toBe(false);
      expect((await done).status).toBe("done");
      expect((await world.readsRight(reader, "7")).value).toBe(1);
    },
  },
  {
    id: "F38",
    holds: "what others do to the keys is a miss or a rejected frame, and nothing worse",
    async run() {
      await using world = await World.start();
      const reader = world.reader();
      for (const harm of [
        () => world.admin.flushall(),
        () => world.admin.del("user:7"),
        () => world.admin.set("user:7", "somebody else's"),
        () => world.admin.multi().del("user:7").hset("user:7", "field", "value").exec(),
        () => world.admin.setrange("user:7", 30, "xx"),
      ]) {
        await reader.certified("7");
        await harm();
        // What is held locally is not touched by that.
        await world.readsRight(reader, "7");
        for (const each of [world.reader(), reader]) await world.readsRight(each, "7");
        await world.admin.del("user:7");
        await world.change("7", reader);
        expect((await world.readsRight(reader, "7")).value).toBe(world.database.get("7"));
      }
    },
  },
  {
    id: "F39",
    holds: "hostile bytes under one key in a hundred are counted misses",
    async run() {
      await using world = await World.start();
      const [writer, reader] = [world.patient(), world.patient()];
      const ids = Array.from({ length: 300 }, (_, index) => `${index}`);
      await Promise.all(ids.map((id) => writer.read(id)));
      await world.kept("299");
      const frame = (await world.admin.getBuffer("user:0")) ?? Buffer.alloc(0);
      const hostile = [
        Buffer.alloc(0),
        frame.subarray(0, 63),
        frame,
        Buffer.concat([frame, frame]),
        Buffer.alloc(4_000_000, 0xff),
        Buffer.from(frame).fill(0xff, 24, 64),
      ];
      for (const [index, bytes] of hostile.entries()) await world.admin.set(`user:${(index + 1) * 40}`, bytes);
      await Promise.all(ids.map((id) => world.readsRight(reader, id)));
      expect(reader.loads).toBe(hostile.length);
      expect(reader.observer.count("frame-rejected")).toBe(hostile.length);
    },
  },
  {
    id: "F40",
    holds: "one fault during the recovery from another loses no invalidation and no order",
    async run() {
      await using world = await World.start();
      const reader = world.reader();
      const ids = Array.from({ length: 40 }, (_, index) => `${index}`);
      await Promise.all(ids.map((id) => reader.read(id)));
      await world.kept("39");
      await world.admin.save();
      for (const id of ids.slice(0, 20)) await world.change(id, reader);
      await world.server.restart();
      const changes: Promise<unknown>[] = [];
      for (const id of ids.slice(20)) changes.push(world.change(id, reader));
      await world.server.kill();
      await Promise.all(changes);
      await world.server.restart();
      await world.admin.call("CLIENT", "KILL", "TYPE", "pubsub");
      await readAllRight(world, reader, ids);
      await world.reaches(reader);
      await readAllRight(world, world.reader(), ids);
    },
  },
]);

async function readAllRight(world: World, reader: Reader, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { value, stale, tookMs } = await reader.read(id);
    expect([id, stale === undefined ? value : "stale"]).toEqual([
      id,
      stale === undefined ? (world.database.get(id) ?? 0) : "stale",
    ]);
    expect(tookMs).toBeLessThan(READ_WITHIN_MS);
  }
}
