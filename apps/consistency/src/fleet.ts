import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { Database } from "./database/database.ts";
import { Link } from "./faults/link.ts";
import type { Recorder } from "./history/recorder.ts";
import { Onlooker } from "./onlooker.ts";
import type { Settings } from "./settings.ts";
import { Worker } from "./worker/worker.ts";

/** The channel of a cache without a prefix. */
const CHANNEL = "tiercache";

/** Everything that a run needs: a server, a database, the workers and their ways. */
export class Fleet {
  readonly server: RedisServer;
  readonly database: Database;
  readonly workers: readonly Worker[];
  readonly admin: Redis;
  readonly #onlooker: Onlooker;

  private constructor(parts: Pick<Fleet, "server" | "database" | "workers" | "admin">, onlooker: Onlooker) {
    this.server = parts.server;
    this.database = parts.database;
    this.workers = parts.workers;
    this.admin = parts.admin;
    this.#onlooker = onlooker;
  }

  /** @param folder - Where the histories go. */
  static async start(settings: Settings, folder: string, recorder: Recorder): Promise<Fleet> {
    const kind = settings.server === undefined ? {} : { kind: settings.server };
    const server = await startRedis({ ...kind, args: ["--maxmemory-policy", "allkeys-lru"] });
    const database = await Database.start(settings.seed);
    const onlooker = new Onlooker(server.url, CHANNEL, recorder);
    const admin = new Redis(server.url, { commandTimeout: 5_000, retryStrategy: () => 30 });
    admin.on("error", () => {});
    const { workers: count, seed, mutation } = settings;
    const begun = Array.from({ length: count }, async (_, worker) => {
      const link = await Link.to(server.port);
      const historyPath = `${folder}/w${worker + 1}.jsonl`;
      const orders = { worker, workers: count, seed, redisUrl: link.url, databasePort: database.port, historyPath };
      return Worker.start(orders, link, mutation);
    });
    const started = await Promise.allSettled(begun);
    const workers = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const fleet = new Fleet({ server, database, workers, admin }, onlooker);
    const failed = started.find((each) => each.status === "rejected");
    if (failed === undefined) return fleet;
    await fleet.stop();
    throw failed.reason;
  }

  /** Has all workers do the same. */
  tell(command: "begin" | "stop" | "rest" | "sweep" | "end"): Promise<readonly number[]> {
    return Promise.all(this.workers.map((worker) => worker.tell({ do: command })));
  }

  /** Ends everything, in whatever state it is. */
  async stop(): Promise<void> {
    this.#onlooker.close();
    this.admin.disconnect();
    for (const worker of this.workers) {
      worker.kill();
      worker.link.close();
    }
    await Promise.all([this.server.stop(), this.database.stop()]);
  }
}
