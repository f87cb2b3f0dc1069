import { randomInt } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Deathwatch } from "./deathwatch.ts";
import { findRedisServer, howToGet, type RedisKind, type RedisPlaces, wantedKind } from "./redis-binary.ts";
import { type Launch, PortTaken, ServerProcess } from "./server-process.ts";

/** Some Redis or Valkey server, perhaps one that others use too. */
export interface SharedRedis extends AsyncDisposable {
  readonly url: string;
  /** Ends the server and removes its folder, if it is private; does nothing to a server that was there before. */
  stop(): Promise<void>;
}

/** A real server of one's own on this machine. It ends with this process, however this process ends. */
export interface RedisServer extends SharedRedis {
  readonly port: number;
  readonly kind: RedisKind;
  /** Ends it at once, as a power failure would, until {@link RedisServer.restart}; comes back when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and in the same folder, killing it first if it runs. What it held is gone. */
  restart(): Promise<void>;
  /** Freezes it: connections stay open and are accepted, and nothing is answered. */
  hang(): void;
  /** Lets a frozen one go on, with the commands that came in meanwhile. */
  resume(): void;
}

/** How to start a server. */
export interface StartRedisOptions {
  /** Further arguments, such as `["--maxmemory", "2mb"]`; they win over the server's defaults here. */
  readonly args?: readonly string[];
  /** Further variables of its environment, such as those of a {@link ServerDate}. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A fixed port; `@defaultValue` a free one */
  readonly port?: number;
  /** Which server; `@defaultValue` what `TIERCACHE_REDIS_KIND` says, else either */
  readonly kind?: RedisKind;
  /** Where the server is looked for. */
  readonly places?: Omit<RedisPlaces, "kind">;
  /** Makes it a Sentinel: the first lines of its configuration. */
  readonly sentinel?: readonly string[];
}

const attempts = 20;

function nameOf(kind: RedisKind | undefined): string {
  if (kind === "valkey") return "Valkey";
  return kind === "redis" ? "Redis (6.2 or newer)" : "Redis (6.2 or newer) or Valkey";
}

/**
 * Starts a private server on 127.0.0.1 that keeps nothing on disk, and comes back when it answers.
 *
 * @throws an `Error` that says how to get a server where there is none, or that the fixed port is taken
 * @example
 * await using redis = await startRedis({ args: ["--maxmemory", "2mb"] });
 * await redis.kill();
 * await redis.restart();
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<RedisServer> {
  const kind = options.kind ?? wantedKind();
  const binary = await findRedisServer(kind === undefined ? options.places : { ...options.places, kind });
  if (binary === undefined) throw new Error(`No ${nameOf(kind)} server was found. ${howToGet(kind)}`);
  const folder = await mkdtemp(join(tmpdir(), "tiercache-redis-"));
  const watch = new Deathwatch(folder);
  const ports = options.port === undefined ? randomPorts(attempts) : [options.port];
  try {
    const { args = [], environment = {}, sentinel } = options;
    const launch = { binary, folder, args, environment, ...(sentinel === undefined ? {} : { sentinel }) };
    return await PrivateRedis.onFirstFree(ports, launch, watch);
  } catch (error) {
    await watch.end();
    throw error;
  }
}

// Below the ports that systems give to outgoing connections (Linux from 32768, macOS from 49152), so that between a kill
// and a restart no client can be given the server's port as its own; also with the cluster bus, 10000 higher.
function* randomPorts(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield randomInt(15_000, 22_000);
}

/** A server in its folder; internal, what users see of it is {@link RedisServer}. */
export class PrivateRedis implements RedisServer {
  readonly url: string;
  readonly port: number;
  readonly kind: RedisKind;
  readonly #launch: Launch;
  readonly #watch: Deathwatch;
  #process: ServerProcess | undefined;
  #stopped: Promise<void> | undefined;

  constructor(launch: Launch, watch: Deathwatch) {
    this.url = `redis://127.0.0.1:${launch.port}`;
    this.port = launch.port;
    this.kind = launch.binary.kind;
    this.#launch = launch;
    this.#watch = watch;
  }

  /** The server itself tries the ports: the answer to whether one is free would be out of date when it binds. */
  static async onFirstFree(
    ports: Iterable<number>,
    launch: Omit<Launch, "port">,
    watch: Deathwatch,
  ): Promise<PrivateRedis> {
    let taken = new PortTaken("There was no port to try");
    for (const port of ports) {
      const server = new PrivateRedis({ ...launch, port }, watch);
      try {
        await server.#start();
        return server;
      } catch (error) {
        if (!(error instanceof PortTaken)) throw error;
        taken = error;
      }
    }
    throw taken;
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#watch.over(undefined);
  }

  async restart(): Promise<void> {
    if (this.#stopped !== undefined) throw new Error("A stopped Redis server cannot be restarted: start a new one.");
    await this.kill();
    await this.#start();
  }

  hang(): void {
    this.#process?.signal("SIGSTOP");
  }

  resume(): void {
    this.#process?.signal("SIGCONT");
  }

  stop(): Promise<void> {
    this.#stopped ??= this.kill().then(() => this.#watch.end());
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #start(): Promise<void> {
    this.#process = new ServerProcess(this.#launch);
    this.#watch.over(this.#process.pid);
    try {
      await this.#process.ready(this.#launch);
    } catch (error) {
      this.#watch.over(undefined);
      throw error;
    }
  }
}
