import { type Cache, isCacheError, seconds } from "@tiercache/core";
import { Hono } from "hono";
import { metricsRoute } from "../http/metrics-route.ts";
import { Operators } from "../http/operators.ts";
import { refusal } from "../http/problem.ts";
import { routesOf } from "../http/routes.ts";
import { type Population, populationOf } from "../load/population.ts";
import { CacheMetrics } from "../service/cache-metrics.ts";
import { cacheSettings } from "../service/cache-settings.ts";
import { type Instance, startInstance } from "../service/instance.ts";
import type { RemoteServer } from "../service/remote-server.ts";
import type { World } from "../service/world.ts";
import { EventFeed } from "./event-feed.ts";
import { FrontDoor } from "./front-door.ts";
import { InstanceProcess } from "./instance-process.ts";
import { LiveActions } from "./live-actions.ts";
import type { LiveDesk } from "./live-desk.ts";
import { LiveHub } from "./live-hub.ts";
import { liveRoutes } from "./live-routes.ts";
import { type LocalInstance, localInstance } from "./local-instance.ts";
import { pageRoutes } from "./page-routes.ts";
import type { ProgressBoard } from "./progress-board.ts";
import { RedisSwitch } from "./redis-switch.ts";

/** How the demo is run. */
export interface OperationOptions {
  readonly host: string;
  readonly port: number;
  readonly seed: number;
  /** What this instance is called. */
  readonly name: string;
  /** The addresses of others that somebody else has started. */
  readonly peers: readonly string[];
  readonly board: ProgressBoard;
}

/** More would only be slow on one machine. */
const mostInstances = 8;

/** The demo in operation: the page, this instance of the service, and those that it starts. */
export class Operation implements AsyncDisposable {
  readonly hub: LiveHub;
  readonly #options: OperationOptions;
  readonly #door: FrontDoor;
  readonly #others: InstanceProcess[] = [];
  #instance: Instance | undefined;
  #ended: Promise<void> | undefined;

  private constructor(options: OperationOptions, hub: LiveHub, door: FrontDoor) {
    this.#options = options;
    this.hub = hub;
    this.#door = door;
  }

  /** Opens the page, which shows how far the rest is. @throws (rejects) where the port is taken */
  static async open(options: OperationOptions): Promise<Operation> {
    const { host, port, board, peers } = options;
    const hub = new LiveHub({ board });
    const pages = new Hono()
      .route(
        "/",
        pageRoutes(() => hub.report),
      )
      .route("/", liveRoutes(hub));
    const door = await FrontDoor.open({ host, port, pages });
    for (const peer of peers) hub.meet(peer);
    return new Operation(options, hub, door);
  }

  /** Under which this machine reaches it, without a slash at the end. */
  get address(): string {
    return this.#door.address;
  }

  /** Starts to serve. */
  async serve(world: World, remote: RemoteServer | undefined): Promise<void> {
    const { name } = this.#options;
    const metrics = new CacheMetrics();
    const feed = new EventFeed(name);
    const observer = [metrics.observer, feed];
    const settings = cacheSettings(process.env);
    const instance = startInstance(world, { redisUrl: remote?.url, prefix: "demo", observer, settings });
    this.#instance = instance;
    const local = localInstance(name, feed, { ...instance, origins: world.origins });
    this.hub.serve(local, new RedisSwitch(remote), remote?.description ?? null);
    this.hub.actions = this.#actionsOf(local, await populationOf(world.origins), { world, remote });
    const service = routesOf(instance.services, Operators.from(process.env));
    this.#door.serve(service.route("/", metricsRoute(metrics)));
    void this.#embedJobs(local.desk, instance.cache);
  }

  /** Behind the requests, by one instance at a time; whoever asks for a vector earlier has it made. */
  async #embedJobs(desk: LiveDesk, cache: Cache): Promise<void> {
    const { board } = this.#options;
    try {
      await cache.withLock("embedding-jobs", { leaseMs: seconds(5), waitMs: 0 }, () =>
        desk.embedJobs((done, total) => board.report("Embedded jobs", done, total)),
      );
    } catch (error) {
      // Another instance is at it, or the demo has ended meanwhile.
      if (!isCacheError(error)) board.say("The texts of the jobs could not be embedded beforehand.");
    }
  }

  /** Starts one more instance, in a process of its own that shares data and Redis. */
  async startAnother(world: World, remote: RemoteServer): Promise<void> {
    const { seed, board } = this.#options;
    const name = String(this.#others.length + 2);
    const what = `Started instance ${name}`;
    if (this.#others.length + 1 >= mostInstances) throw refusal(409, `There are ${mostInstances} instances already.`);
    board.report(what, 0, 1);
    // One of somebody's own is named by the environment already.
    const redis = remote.own === undefined ? {} : { TIERCACHE_REDIS_URL: remote.url };
    const environment = { ...world.sharing, ...redis, DEMO_PEERS: this.address };
    const other = await InstanceProcess.start({ name, environment, seed });
    this.#others.push(other);
    this.hub.meet(other.address);
    board.report(what, 1, 1);
  }

  /** Calling it again does nothing more. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#instance?.services.readiness.end();
    await this.hub[Symbol.asyncDispose]();
    await Promise.all([this.#door, ...this.#others].map((part) => part[Symbol.asyncDispose]()));
    await this.#instance?.cache.close();
  }

  #actionsOf(local: LocalInstance, population: Population, { world, remote }: Parts): LiveActions {
    const { seed, board } = this.#options;
    // Only where nobody else can ask for it, and what is started can share something.
    const mayStart = this.#door.isLoopback && remote?.own !== undefined;
    const another = mayStart ? () => this.startAnother(world, remote) : undefined;
    const breaks = this.#door.isLoopback;
    return new LiveActions({
      hub: this.hub,
      local,
      board,
      address: this.address,
      seed,
      ...population,
      startInstance: another,
      breaks,
    });
  }
}

interface Parts {
  readonly world: World;
  readonly remote: RemoteServer | undefined;
}
