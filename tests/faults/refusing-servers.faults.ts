import { logObserver } from "@tiercache/core";
import { recordingObserver } from "@tiercache/testing";
import { awaitUntil } from "@tooling/redis-server";
import { expect } from "vitest";
import { testRows } from "./rows.ts";
import { HORIZON_MS, READ_WITHIN_MS, World } from "./world.ts";

testRows([
  {
    id: "F10",
    holds:
      "a server that has become a replica takes nothing; what it should have removed is removed when it is a primary again",
    async run() {
      await using world = await World.start();
      const reader = world.reader();
      await world.reaches(reader);
      await reader.certified("7");
      await world.kept("7");
      await world.admin.replicaof("127.0.0.1", 1);
      expect(await world.change("7", reader)).toBe("queued");
      expect((await world.readsRight(reader, "7")).value).toBe(1);
      await world.admin.replicaof("NO", "ONE");
      await awaitUntil("a removal", async () => (await world.stateOf("7")) === undefined);
      await world.reaches(reader);
    },
  },
  {
    id: "F11",
    holds: "a replica that serves nothing while its primary is away is done without",
    async run() {
      await using world = await World.start({ args: ["--replica-serve-stale-data", "no"] });
      const reader = world.reader();
      await world.reaches(reader);
      await world.admin.replicaof("127.0.0.1", 1);
      for (let key = 0; key < 10; key++) expect((await world.readsRight(reader, `cold ${key}`)).source).toBe("loader");
      expect(await world.change("7", reader)).toBe("queued");
      expect(reader.observer.events.some((event) => event.type === "tier-failed" && event.code === "MASTERDOWN")).toBe(
        true,
      );
      await reader.opened();
      await world.admin.replicaof("NO", "ONE");
      await world.reaches(reader);
      expect((await world.readsRight(world.reader(), "7")).value).toBe(1);
    },
  },
  {
    id: "F12",
    holds: "a server that is loading its data is waited for without anybody waiting",
    async run() {
      await using world = await World.start({
        args: ["--key-load-delay", "100", "--loading-process-events-interval-bytes", "1024"],
      });
      const reader = world.reader();
      await world.reaches(reader);
      await reader.certified("7");
      const filler = world.admin.pipeline();
      for (let key = 0; key < 30_000; key++) filler.set(`filler:${key}`, "x");
      await filler.exec();
      await world.admin.save();
      await world.server.kill();
      const restarting = world.server.restart().catch(() => {});
      expect(await world.change("7", reader)).toBe("queued");
      for (let key = 0; key < 20; key++) await world.readsRight(reader, `cold ${key}`);
      await reader.opened();
      await restarting;
      await world.reaches(reader);
      expect((await world.readsRight(world.reader(), "7")).value).toBe(1);
    },
  },
  {
    id: "F13",
    holds: "a server that an endless script keeps busy is done without, and invalidations wait for it",
    async run() {
      await using world = await World.start({ args: ["--busy-reply-threshold", "100"] });
      const [reader, other] = [world.reader(), world.reader()];
      await world.reaches(reader);
      await reader.certified("7");
      const script = world.admin.duplicate();
      script.on("error", () => {});
      const endless = script.eval("while true do end", 0).catch(() => {});
      for (let key = 0; key < 10; key++) await world.readsRight(reader, `cold ${key}`);
      expect(await world.change("7", reader)).toBe("queued");
      await reader.opened();
      const killer = world.admin.duplicate({ enableReadyCheck: false });
      killer.on("error", () => {});
      await awaitUntil("the end of the script", async () => (await killer.script("KILL")) === "OK");
      await endless;
      for (const client of [script, killer]) client.disconnect();
      await world.reaches(reader);
      expect((await world.readsRight(other, "7")).value).toBe(1);
    },
  },
  {
    id: "F14",
    holds: "a server that wants a login all of a sudden is done without, told of once, and used again afterwards",
    async run() {
      await using world = await World.start();
      const lines: string[] = [];
      const observer = recordingObserver();
      const log = logObserver({ write: (_level, line) => lines.push(line) });
      const reader = world.reader({ observer: [observer, log] });
      await world.reaches(reader);
      await reader.certified("7");
      const warnings: string[] = [];
      const onWarning = ({ message }: Error): void => void warnings.push(message);
      process.on("warning", onWarning);
      await world.admin.config("SET", "requirepass", "later");
      await world.admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      await world.admin.call("CLIENT", "KILL", "TYPE", "pubsub");
      await awaitUntil("an end of the proof", () => !reader.isCertified("7"), HORIZON_MS + READ_WITHIN_MS);
      for (let key = 0; key < 10; key++) await world.readsRight(reader, `cold ${key}`);
      expect(await world.change("7", reader)).toBe("queued");
      for (let key = 0; key < 60; key++) await world.readsRight(reader, `later ${key}`);
      expect(observer.count("tier-failed") + observer.count("breaker-refused")).toBeGreaterThan(60);
      expect(observer.of("breaker-changed").map(({ state }) => state)).toContain("open");
      await world.admin.config("SET", "requirepass", "");
      await world.reaches(reader);
      process.off("warning", onWarning);
      const told = warnings.filter((warning) => warning.includes("refuses the login"));
      expect(told.length).toBeLessThanOrEqual(1);
      // Each kind once, and then a count a minute.
      expect(new Set(lines).size).toBe(lines.length);
      expect(lines.length).toBeLessThan(20);
    },
  },
]);
