import { awaitUntil } from "@tooling/redis-server";
import { expect } from "vitest";
import { CacheProcess } from "./cache-process.ts";
import { testRows } from "./rows.ts";
import { PATIENT_MS, World } from "./world.ts";

const PROCESSES = 50;
/** Of each process: one for commands, and one that listens. */
const CONNECTIONS = 2;
const IDS: readonly string[] = ["a", "b", "c"];

/** Processes over one server that is restarted, and a database that is not. */
class Fleet implements AsyncDisposable {
  readonly #processes: readonly CacheProcess[];

  private constructor(processes: readonly CacheProcess[]) {
    this.#processes = processes;
  }

  static async start(url: string, database: string): Promise<Fleet> {
    const options = { url, database, deadlineMs: PATIENT_MS, commandTimeoutMs: PATIENT_MS };
    const begun = Array.from({ length: PROCESSES }, () => CacheProcess.start(options));
    return new Fleet(await Promise.all(begun));
  }

  /** Has all of them read a key at the same time. */
  async read(id: string): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.ask("get", id)));
  }

  /** Comes back when each of them has brought something to the server. */
  async reaches(): Promise<void> {
    await Promise.all(
      this.#processes.map((process) =>
        awaitUntil("a server that is reached", async () => {
          const { status } = await process.ask("invalidate", `probe ${Math.random()}`);
          return status === "done";
        }),
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill()));
  }
}

testRows([
  {
    id: "F36",
    holds: "when fifty processes connect again at once each does so once, and a key is loaded at most twice",
    async run() {
      await using world = await World.start();
      await using database = await World.start();
      await using fleet = await Fleet.start(world.server.url, database.server.url);
      await fleet.read("7");
      await world.server.restart();
      await fleet.reaches();
      await Promise.all(IDS.map((id) => fleet.read(id)));
      for (const id of IDS) expect(Number(await database.admin.get(`loads:${id}`))).toBeLessThanOrEqual(2);
      const [, connections] = /total_connections_received:(\d+)/.exec(await world.admin.info("stats")) ?? [];
      // And what looks whether the server is there again, and at what it holds.
      expect(Number(connections)).toBeLessThan(1.1 * PROCESSES * CONNECTIONS);
    },
  },
]);
