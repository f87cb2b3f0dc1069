import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createCache, isCacheError, seconds } from "@tiercache/core";
import { redis } from "@tiercache/redis";
import { findRedisServer, type RedisKind, type RedisServer, startRedis, wantedKind } from "@tooling/redis-server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

interface Step {
  readonly at: bigint;
  readonly token: number;
  readonly isSure: boolean;
}

/** A process that runs locker.ts, and what it has told so far. */
class Locker {
  readonly steps: Step[] = [];
  readonly ends: string[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #awaited = new Set<() => void>();

  constructor(url: string) {
    const execArgv = ["--conditions=@tiercache/source"];
    this.#child = fork(join(import.meta.dirname, "locker.ts"), [url], { execArgv });
    this.#exited = once(this.#child, "exit");
    this.#child.on("message", (line: { at?: string; token: number; isSure: boolean; end?: string }) => {
      if (line.end !== undefined) this.ends.push(line.end);
      else this.steps.push({ at: BigInt(line.at ?? 0), token: line.token, isSure: line.isSure });
      for (const look of this.#awaited) look();
    });
  }

  /** Waits until something holds of what it has told. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((look) => {
        this.#awaited.clear();
        this.#awaited.add(look);
      });
    }
  }

  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  goOn(): void {
    this.#child.kill("SIGCONT");
  }

  async end(): Promise<void> {
    if (this.#child.connected) this.#child.send("end");
    await this.#exited;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

/** Asks again until the server can be reached. */
async function retried<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isCacheError(error) || error.code !== "LOCK_UNAVAILABLE") throw error;
    return retried(ask);
  }
}

const valkey = wantedKind() === undefined ? await findRedisServer({ kind: "valkey" }) : undefined;
const kinds: (RedisKind | undefined)[] = valkey === undefined ? [undefined] : [undefined, "valkey"];

describe.each(kinds)("on %s", (kind) => {
  let server: RedisServer;
  const lockers: Locker[] = [];

  beforeAll(async () => {
    server = await startRedis(kind === undefined ? {} : { kind });
  });

  afterEach(() => {
    for (const locker of lockers.splice(0)) locker.kill();
  });

  afterAll(() => server.stop());

  function four(): readonly [Locker, Locker, Locker, Locker] {
    const all = [1, 2, 3, 4].map(() => new Locker(server.url)) as [Locker, Locker, Locker, Locker];
    lockers.push(...all);
    return all;
  }

  /** In the order in which they happened, the tokens of those who were sure of the lock never go down. */
  function isOrdered(all: readonly Locker[]): void {
    const sure = all.flatMap(({ steps }) => steps).filter(({ isSure }) => isSure);
    const tokens = sure.sort((one, other) => (one.at < other.at ? -1 : 1)).map(({ token }) => token);
    expect(tokens).toEqual([...tokens].sort((one, other) => one - other));
  }

  test("four processes have the lock one after the other", async () => {
    const all = four();
    for (const locker of all) await locker.until(() => locker.ends.length >= 5);
    await Promise.all(all.map((locker) => locker.end()));
    expect(new Set(all.flatMap(({ ends }) => ends))).toEqual(new Set(["done"]));
    isOrdered(all);
  });

  test.skipIf(process.platform === "win32")(
    "a holder that is paused loses the lock, and what it does on waking disturbs nobody",
    async () => {
      const all = four();
      const [paused, ...others] = all;
      for (const locker of all) await locker.until(() => locker.ends.length >= 2);
      for (let round = 0; round < 3; round++) {
        const [stepsBefore, endsBefore] = [paused.steps.length, paused.ends.length];
        await paused.until(() => paused.steps.length > stepsBefore && paused.ends.length === endsBefore);
        paused.pause();
        // The others go on once its lease is over.
        for (const locker of others) {
          const { length } = locker.ends;
          await locker.until(() => locker.ends.length > length + 2);
        }
        paused.goOn();
        await paused.until(() => paused.ends.length > endsBefore + 1);
      }
      await Promise.all(all.map((locker) => locker.end()));
      for (const { ends } of others) expect(new Set(ends)).toEqual(new Set(["done"]));
      // It may just have ended when it was paused, but not each time.
      expect(paused.ends).toContain("LOCK_LOST");
      isOrdered(all);
    },
    120_000,
  );

  test("a server that is killed is a loss for the holder and an error for who asks, and its successor's token is higher", async () => {
    const caches = [1, 2].map(() => createCache({ tiers: [redis({ url: server.url })] }));
    const [one, other] = caches;
    const leaseMs = 600;
    let token = 0;
    const held = one?.withLock("shared", { leaseMs }, async (lock) => {
      token = lock.token;
      const waiting = other?.withLock("shared", { leaseMs, waitMs: seconds(20) }, () => "never");
      const refused = expect(waiting).rejects.toMatchObject({ code: "LOCK_UNAVAILABLE" });
      const lost = once(lock.signal, "abort");
      await server.kill();
      await Promise.all([refused, lost]);
      expect(lock.isHeld).toBe(false);
      throw lock.signal.reason;
    });
    await expect(held).rejects.toMatchObject({ code: "LOCK_LOST" });
    await server.restart();
    const next = await retried(async () => other?.withLock("shared", { leaseMs }, (lock) => lock.token));
    expect(next).toBeGreaterThan(token);
    await Promise.all(caches.map((cache) => cache.close()));
  });
});
