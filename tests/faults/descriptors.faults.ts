import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startRedis } from "@tooling/redis-server";
import { expect } from "vitest";
import { testRows } from "./rows.ts";
import { World } from "./world.ts";

const run = promisify(execFile);

testRows([
  {
    id: "F35",
    holds: "a process that may open nothing more has its reads answered",
    async run() {
      await using world = await World.start();
      await world.admin.config("SET", "maxclients", "2");
      const reader = world.reader();
      world.database.set("7", 1);
      for (let key = 0; key < 20; key++) await world.readsRight(reader, `cold ${key}`);
      expect((await world.readsRight(reader, "7")).value).toBe(1);
      await world.admin.config("SET", "maxclients", "1000");
      await world.reaches(reader);
    },
  },
  {
    id: "F35",
    holds: "a process that has no descriptor left has its reads answered, and uses Redis once it has some",
    async run() {
      await using server = await startRedis();
      const script = join(import.meta.dirname, "out-of-descriptors.ts");
      const command = 'ulimit -n 256 && exec "$0" --conditions=@tiercache/source --no-warnings "$@"';
      const { stdout } = await run("sh", ["-c", command, process.execPath, script, server.url]);
      const told = JSON.parse(stdout) as object;
      expect(told).toEqual({ without: ["1", "2", "3", "4", "5"], hasFailed: true, unhandled: 0, code: "EMFILE" });
    },
  },
]);
