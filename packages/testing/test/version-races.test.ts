import { setImmediate } from "node:timers/promises";
import { createCache, type LoadingNamespace, minutes } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { exploreInterleavings, type Interleaving, type MemoryServer, memoryServer } from "../src/index.ts";
import { mapTier } from "./fleet.ts";

const TURN_MS = 100;

interface Row {
  readonly version: number;
}

/** What loads from a replica, which follows whenever the schedule says. */
interface Replicated {
  readonly users: LoadingNamespace<[id: string], Row>;
  /** Changes the row and says so, with its version or without. */
  update(): Promise<string>;
}

/** Processes that cache rows of a database by way of a replica. */
class ReplicatedFleet {
  readonly server: MemoryServer;
  primary = 1;
  replica = 1;
  readonly #run: Interleaving;
  readonly #isVersioned: boolean;

  constructor(run: Interleaving, isVersioned: boolean) {
    this.#run = run;
    this.#isVersioned = isVersioned;
    this.server = memoryServer({ clock: run.clock });
  }

  /** Lets time pass until something has ended: a lease whose holder has failed may have to run out. */
  async inTime<T>(ending: Promise<T>): Promise<T> {
    const state = { isOver: false };
    const over = ending.finally(() => {
      state.isOver = true;
    });
    while (!state.isOver) {
      await setImmediate();
      this.#run.clock.advance(TURN_MS);
    }
    return over;
  }

  process(name: string): Replicated {
    const { clock } = this.#run;
    const process = this.#run.process(name);
    const tiers = [mapTier(), process.tier(this.server.tier())] as const;
    const cache = createCache({ tiers, clock, ttlMs: minutes(1), horizonMs: Number.POSITIVE_INFINITY });
    const users = cache.namespace("user", {
      load: () => process.ask("select", (): Row => ({ version: this.replica })),
      version: ({ version }: Row) => version,
    });
    return {
      users,
      update: async () => {
        this.primary++;
        const options = this.#isVersioned ? { version: this.primary } : {};
        return (await users.invalidateMany(["7"], options)).status;
      },
    };
  }
}

interface World {
  readonly fleet: ReplicatedFleet;
  readonly a: Replicated;
  readonly b: Replicated;
}

async function world(run: Interleaving, isVersioned = true): Promise<World> {
  const fleet = new ReplicatedFleet(run, isVersioned);
  const made = { fleet, a: fleet.process("A"), b: fleet.process("B") };
  for (const { users } of [made.a, made.b]) await users.get("other");
  return made;
}

const sample = { seed: 11, maxSchedules: 600 };

/** Once the replica has followed, nobody answers with what it had before. */
async function agreed({ fleet, a, b }: World): Promise<void> {
  fleet.replica = fleet.primary;
  for (const { users } of [a, b]) expect(await fleet.inTime(users.get("7"))).toEqual({ version: fleet.primary });
}

const operations = {
  update: ({ b }: World) => b.update(),
  read: ({ a }: World) => a.users.get("7"),
  other: ({ b }: World) => b.users.get("7"),
};

describe("a replica that lags behind, in whichever order", () => {
  test("leaves nothing old where it was invalidated with its version", async () => {
    await exploreInterleavings({ setUp: (run: Interleaving) => world(run), operations, check: agreed, ...sample });
  });

  test("leaves nothing old where calls fail, for those who have been told", async () => {
    await exploreInterleavings({
      setUp: (run: Interleaving) => world(run),
      operations,
      async check(made: World, { update }) {
        if (update.value === "done") await agreed(made);
      },
      maxFaults: 1,
      faults: ["call"],
      ...sample,
    });
  });

  test("leaves nothing old of two changes that overtake one another, nor of a set in between", async () => {
    await exploreInterleavings({
      setUp: (run: Interleaving) => world(run),
      operations: {
        one: ({ a }) => a.update(),
        other: ({ b }) => b.update(),
        set: ({ a }) => a.users.set("7", { version: 2 }),
        read: ({ b }) => b.users.get("7"),
      },
      check: agreed,
      ...sample,
    });
  });

  test("leaves what is old where its version was not told", async () => {
    const explored = exploreInterleavings({
      setUp: (run: Interleaving) => world(run, false),
      operations,
      check: agreed,
      ...sample,
    });
    await expect(explored).rejects.toThrow("version");
  });
});
