import {
  type Cache,
  type CacheOptions,
  createCache,
  FRAME_IDENTITY,
  type LoadingNamespace,
  minutes,
  type Reading,
} from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type RedisOptions, redis } from "@tiercache/redis";
import { type RecordingObserver, recordingObserver } from "@tiercache/testing";
import { awaitUntil, type RedisServer, type StartRedisOptions, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { expect } from "vitest";

/** The deadline that caches have here, which is the default. */
export const DEADLINE_MS = 200;

/** Room for a busy machine. What is asserted is that nobody waits for a server, not how fast this one is. */
export const SLACK_MS = 1_000;

/** The most a read may take, whatever becomes of the server: a deadline for what is read and one for the lease. */
export const READ_WITHIN_MS: number = 2 * DEADLINE_MS + SLACK_MS;

/** How long somebody waits for a server that a busy machine may keep from answering, where that is no matter of time. */
export const PATIENT_MS = 15_000;

/** How long a process may take to notice that it has missed something: the horizon, and a trip. */
export const HORIZON_MS = 1_000;

/** Whether rows run at the size that the matrix names, and its bounds on time hold on this machine: `FAULTS=full`. */
export const IS_FULL: boolean = process.env["FAULTS"] === "full";

/** The state of a frame that holds a value. */
export const FRESH = 0x46;

/** A read and how long it took. */
export interface TimedRead extends Reading<number> {
  readonly tookMs: number;
}

/** One process with a cache of versions of what is in the database. */
export class Reader {
  readonly cache: Cache;
  readonly users: LoadingNamespace<[id: string], number>;
  readonly observer: RecordingObserver = recordingObserver();
  /** How often something was loaded. */
  loads = 0;

  constructor(database: ReadonlyMap<string, number>, options: RedisOptions, settings: Partial<CacheOptions> = {}) {
    this.cache = createCache({
      tiers: [lru(), redis(options)],
      observer: this.observer,
      ttlMs: minutes(10),
      ...settings,
    });
    this.users = this.cache.namespace("user", {
      key: (id: string) => [id],
      load: (id) => {
        this.loads++;
        return database.get(id) ?? 0;
      },
    });
  }

  async read(id: string): Promise<TimedRead> {
    const startedAt = performance.now();
    const reading = await this.users.read(id);
    return { ...reading, tookMs: performance.now() - startedAt };
  }

  /** Whether the local tier answers by itself. */
  isCertified(id: string): boolean {
    return this.users.peek(id) !== undefined;
  }

  /** Comes back when its breaker has opened, for which nobody has to read. */
  async opened(): Promise<void> {
    const states = (): readonly string[] => this.observer.of("breaker-changed").map(({ state }) => state);
    await awaitUntil("an open breaker", () => states().includes("open"));
  }

  /** Reads until the local tier answers by itself. */
  async certified(id: string): Promise<void> {
    await awaitUntil("a certified entry", async () => {
      await this.users.get(id);
      return this.isCertified(id);
    });
  }
}

/** Processes over one server, and the database that they read. */
export class World implements AsyncDisposable {
  readonly server: RedisServer;
  readonly database: Map<string, number> = new Map();
  readonly admin: Redis;
  readonly #readers: Reader[] = [];
  readonly #unhandled: unknown[] = [];
  #keeper: Reader | undefined;
  readonly #onUnhandled = (error: unknown): void => void this.#unhandled.push(error);

  constructor(server: RedisServer) {
    this.server = server;
    this.admin = new Redis(server.url);
    this.admin.on("error", () => {});
    process.on("unhandledRejection", this.#onUnhandled);
  }

  static async start(options: StartRedisOptions = {}): Promise<World> {
    return new World(await startRedis(options));
  }

  reader(settings: Partial<CacheOptions> = {}, options: RedisOptions = { url: this.server.url }): Reader {
    const reader = new Reader(this.database, options, settings);
    this.#readers.push(reader);
    return reader;
  }

  /** A process that waits for a server for long: for what is counted, which is no matter of time. */
  patient(url: string = this.server.url): Reader {
    return this.reader({ deadlineMs: PATIENT_MS }, { url, commandTimeoutMs: PATIENT_MS });
  }

  /** Changes what is in the database, and invalidates it in a process. */
  async change(id: string, by: Reader): Promise<"done" | "queued"> {
    this.database.set(id, (this.database.get(id) ?? 0) + 1);
    return (await by.users.invalidate(id)).status;
  }

  /** Reads until what a process has loaded lies on the server. */
  async reaches(reader: Reader): Promise<void> {
    await awaitUntil("a server that is reached", async () => {
      const id = `probe-${Math.random()}`;
      await reader.users.get(id);
      await awaitUntil("a commit", async () => (await this.stateOf(id)) === FRESH, 500);
      return true;
    });
  }

  /** Comes back when a value lies on the server: what some process was too late to bring there, a patient one does. */
  async kept(id: string): Promise<void> {
    this.#keeper ??= this.patient();
    await this.#keeper.users.get(id);
    await awaitUntil("a kept value", async () => (await this.stateOf(id)) === FRESH);
  }

  /** The state of the frame that lies on the server under a key. */
  async stateOf(id: string): Promise<number | undefined> {
    return (await this.admin.getBuffer(`user:${id}`))?.[FRAME_IDENTITY.stateAt];
  }

  /** A read that is not flagged stale is of the present version, and no read waits for a server. */
  async readsRight(reader: Reader, id: string): Promise<TimedRead> {
    const read = await reader.read(id);
    expect(this.#wrongIn(id, read)).toEqual([]);
    return read;
  }

  /** Reads until something holds of a read. All of them are right: what is asserted inside of a wait would only be waited for. */
  async readsRightUntil(reader: Reader, id: string, holds: (read: TimedRead) => boolean): Promise<void> {
    const wrong: string[] = [];
    await awaitUntil("a read of which it holds", async () => {
      const read = await reader.read(id);
      wrong.push(...this.#wrongIn(id, read));
      return holds(read);
    });
    expect(wrong).toEqual([]);
  }

  #wrongIn(id: string, { value, stale, tookMs }: TimedRead): readonly string[] {
    const version = this.database.get(id) ?? 0;
    return [
      ...(stale === undefined && value !== version ? [`${id}: ${value} instead of ${version}`] : []),
      ...(tookMs < READ_WITHIN_MS ? [] : [`${id}: after ${tookMs} ms`]),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.resume();
    await Promise.all(this.#readers.map(({ cache }) => cache.close()));
    this.admin.disconnect();
    await this.server.stop();
    process.off("unhandledRejection", this.#onUnhandled);
    expect(this.#unhandled).toEqual([]);
  }
}
