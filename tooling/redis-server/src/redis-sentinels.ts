import { awaitUntil } from "./await-until.ts";
import type { RedisKind } from "./redis-binary.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";
import { asked } from "./wire.ts";

/** How to start a group of servers that Sentinels watch over. */
export interface StartSentinelsOptions {
  /** How many replicas the primary has; `@defaultValue` 1 */
  readonly replicas?: number;
  /** After how long a silent server counts as down; `@defaultValue` 500 */
  readonly downAfterMs?: number;
  /** What the group is called; `@defaultValue` "main" */
  readonly group?: string;
  readonly kind?: RedisKind;
}

const SENTINELS = 3;
const QUORUM = 2;

/** A primary with replicas, and three Sentinels that watch over them. All of it ends with this process. */
export class SentinelGroup implements AsyncDisposable {
  readonly group: string;
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly RedisServer[];

  constructor(group: string, servers: readonly RedisServer[], sentinels: readonly RedisServer[]) {
    this.group = group;
    this.servers = servers;
    this.sentinels = sentinels;
  }

  /** The URLs of the Sentinels. */
  get urls(): readonly string[] {
    return this.sentinels.map((sentinel) => sentinel.url);
  }

  /** The server that the first Sentinel that answers takes for the primary. */
  async primary(): Promise<RedisServer> {
    for (const { port } of this.sentinels) {
      const reply = await asked(port, `SENTINEL GET-MASTER-ADDR-BY-NAME ${this.group}`).catch(() => "");
      const address = reply.split("\r\n")[3];
      const server = this.servers.find((each) => `${each.port}` === address);
      if (server !== undefined) return server;
    }
    throw new Error("No Sentinel knows the primary.");
  }

  /** Comes back when another server than this one is the primary, and takes writes. */
  async failedOverFrom(server: RedisServer): Promise<RedisServer> {
    await awaitUntil("another primary", async () => {
      const next = await this.primary();
      return next !== server && (await asked(next.port, "INFO replication")).includes("role:master");
    });
    return this.primary();
  }

  /** Comes back when every Sentinel knows the others and the replicas, and each replica has all of the data. */
  async whole(): Promise<void> {
    const replicas = this.servers.length - 1;
    await awaitUntil("Sentinels that know each other", async () => {
      const views = await Promise.all(this.sentinels.map(({ port }) => asked(port, "INFO sentinel")));
      const known = `status=ok,address=127.0.0.1:${(await this.primary()).port},slaves=${replicas},sentinels=${SENTINELS}`;
      return views.every((view) => view.includes(known));
    });
    await replicated(await this.primary(), replicas);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((server) => server.stop()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/**
 * Starts a primary with replicas and three Sentinels, and comes back when they know each other: it takes them some three
 * seconds.
 *
 * @example
 * await using group = await startSentinels();
 * const primary = await group.primary();
 * await primary.kill();
 * await group.failedOverFrom(primary);
 */
export async function startSentinels(options: StartSentinelsOptions = {}): Promise<SentinelGroup> {
  const { replicas = 1, downAfterMs = 500, group = "main", kind } = options;
  const wanted = kind === undefined ? {} : { kind };
  const args = ["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"];
  const started: RedisServer[] = [];
  const start = async (launch: Parameters<typeof startRedis>[0]): Promise<RedisServer> => {
    const server = await startRedis({ ...wanted, ...launch });
    started.push(server);
    return server;
  };
  try {
    const primary = await start({ args });
    const replicaOf = [...args, "--replicaof", "127.0.0.1", `${primary.port}`];
    const others = await Promise.all(Array.from({ length: replicas }, () => start({ args: replicaOf })));
    // Sentinels look for replicas when they are started, and then not for ten seconds.
    await replicated(primary, replicas);
    const sentinel = sentinelLines({ group, port: primary.port, downAfterMs });
    const sentinels = await Promise.all(Array.from({ length: SENTINELS }, () => start({ sentinel })));
    const whole = new SentinelGroup(group, [primary, ...others], sentinels);
    await whole.whole();
    return whole;
  } catch (error) {
    await Promise.all(started.map((server) => server.stop()));
    throw error;
  }
}

/** Comes back when a primary has so many replicas with all of its data. */
async function replicated(primary: RedisServer, replicas: number): Promise<void> {
  await awaitUntil("replicas with all of the data", async () => {
    const view = await asked(primary.port, "INFO replication");
    return view.split("state=online").length === replicas + 1;
  });
}

interface Watched {
  readonly group: string;
  readonly port: number;
  readonly downAfterMs: number;
}

function sentinelLines({ group, port, downAfterMs }: Watched): readonly string[] {
  return [
    `sentinel monitor ${group} 127.0.0.1 ${port} ${QUORUM}`,
    `sentinel down-after-milliseconds ${group} ${downAfterMs}`,
    `sentinel failover-timeout ${group} 3000`,
  ];
}
