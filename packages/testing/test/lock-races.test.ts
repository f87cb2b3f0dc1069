import { type Cache, createCache, isCacheError, seconds } from "@tiercache/core";
import { expect, test } from "vitest";
import { exploreInterleavings, type Interleaving, type MemoryServer, memoryServer } from "../src/index.ts";

const leaseMs = seconds(2);

/** Processes that write to a store which refuses a lower token than it has seen. */
class World {
  readonly server: MemoryServer;
  readonly run: Interleaving;
  /** What was done under the lock, in the order in which it was done. */
  readonly log: { readonly by: string; readonly token: number; readonly isSure: boolean }[] = [];
  accepted: number[] = [];

  constructor(run: Interleaving) {
    this.run = run;
    this.server = memoryServer({ clock: run.clock });
  }

  /** A process that does something under the lock and answers how that ended. */
  process(name: string): (pausesMs?: number) => Promise<string> {
    const process = this.run.process(name);
    const cache: Cache = createCache({
      tiers: [process.tier(this.server.tier())],
      clock: this.run.clock,
      horizonMs: Number.POSITIVE_INFINITY,
    });
    return async (pausesMs = 0) => {
      const work = cache.withLock("1", { leaseMs, waitMs: seconds(6) }, async (lock) => {
        if (pausesMs > 0) await new Promise<void>((go) => this.run.clock.after(pausesMs, go));
        await process.ask("change", () => {
          this.log.push({ by: name, token: lock.token, isSure: lock.isHeld });
          if (lock.token >= Math.max(0, ...this.accepted)) this.accepted.push(lock.token);
        });
      });
      return work.then(
        () => "done",
        (error: unknown) => (isCacheError(error) ? error.code : "failed"),
      );
    };
  }
}

/** What holds in every order: who is sure of his lock is alone, and the store never goes back. */
function isSound({ log, accepted }: World): void {
  const sure = log.filter(({ isSure }) => isSure);
  const tokens = sure.map(({ token }) => token);
  expect(tokens).toEqual([...new Set(tokens)].sort((one, other) => one - other));
  expect(accepted).toEqual([...accepted].sort((one, other) => one - other));
}

test("two processes that want the same lock both get it, one after the other, in every order", async () => {
  const { isExhaustive } = await exploreInterleavings({
    setUp: (run) => {
      const world = new World(run);
      return { world, a: world.process("A"), b: world.process("B") };
    },
    operations: { "A locks": ({ a }) => a(), "B locks": ({ b }) => b() },
    check: ({ world }, history) => {
      expect([history["A locks"].value, history["B locks"].value]).toEqual(["done", "done"]);
      isSound(world);
      expect(world.log.every(({ isSure }) => isSure)).toBe(true);
    },
    maxSchedules: 3_000,
  });
  expect(isExhaustive).toBe(true);
});

test("a holder that pauses past its lease harms nobody, whatever of its calls is lost", async () => {
  const { interleavings } = await exploreInterleavings({
    setUp: (run) => {
      const world = new World(run);
      return { world, a: world.process("A"), b: world.process("B") };
    },
    operations: { "A locks and pauses": ({ a }) => a(2 * leaseMs), "B locks": ({ b }) => b() },
    check: ({ world }) => isSound(world),
    maxFaults: 1,
    seed: 11,
    maxSchedules: 1_000,
  });
  expect(interleavings).toBe(1_000);
});

test("a server that forgets the lock in the middle gives it away at worst to one who has a higher token", async () => {
  const { interleavings } = await exploreInterleavings({
    setUp: (run) => {
      const world = new World(run);
      return { world, a: world.process("A"), b: world.process("B") };
    },
    operations: {
      "A locks": ({ a }) => a(100),
      "B locks": ({ b }) => b(),
      "the server forgets": async ({ world }) => {
        // Its clock goes on between two grants, as any clock does.
        await new Promise<void>((go) => world.run.clock.after(1, go));
        world.server.evictAny();
      },
    },
    check: ({ world }) => {
      expect(world.accepted).toEqual([...world.accepted].sort((one, other) => one - other));
      const tokens = world.log.map(({ token }) => token);
      expect(new Set(tokens).size).toBe(tokens.length);
    },
    seed: 5,
    maxSchedules: 1_000,
  });
  expect(interleavings).toBe(1_000);
});
