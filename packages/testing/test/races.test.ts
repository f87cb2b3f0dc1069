import { seconds } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { exploreInterleavings, type Interleaving } from "../src/index.ts";
import { failureOf } from "./failure.ts";
import { Fleet, type FleetOptions, type FleetProcess } from "./fleet.ts";

interface World {
  readonly fleet: Fleet;
  readonly a: FleetProcess;
  readonly b: FleetProcess;
}

function world(run: Interleaving, options?: FleetOptions): World {
  const fleet = new Fleet(run, options);
  return { fleet, a: fleet.process("A"), b: fleet.process("B") };
}

describe("one process", () => {
  test("keeps nothing older than its invalidation, in whichever order two reads and that one happen", async () => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: (run) => world(run, { isFenced: false }),
      operations: {
        first: ({ a }) => a.users.get("7"),
        second: ({ a }) => a.users.get("7"),
        update: ({ a }) => a.update(),
      },
      async check({ fleet, a }, { first, second, update }) {
        for (const read of [first, second]) if (read.beganAt > update.endedAt) expect(read.value).toBe(2);
        expect(await a.users.get("7")).toBe(2);
        expect([0, 2]).toContain(await fleet.held());
      },
    });
    expect(isExhaustive).toBe(true);
  });

  test("keeps nothing older than its invalidation where a read that overtakes it still finds that", async () => {
    const { isExhaustive } = await exploreInterleavings({
      async setUp(run) {
        const made = world(run, { tier: { anyOrder: true } });
        await made.b.users.get("7");
        return made;
      },
      operations: { read: ({ a }) => a.users.get("7"), update: ({ a }) => a.update() },
      check: async ({ a }) => expect(await a.users.get("7")).toBe(2),
    });
    expect(isExhaustive).toBe(true);
  });

  test("keeps nothing older than what was set, in whichever order a read and that happen", async () => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: (run) => world(run, { isFenced: false }),
      operations: { read: ({ a }) => a.users.get("7"), set: ({ a }) => a.users.set("7", 9) },
      async check({ fleet, a }, { read, set }) {
        if (read.beganAt > set.endedAt) expect(read.value).toBe(9);
        expect([await a.users.get("7"), await fleet.held()]).toEqual([9, 9]);
      },
    });
    expect(isExhaustive).toBe(true);
  });

  test("keeps nothing older than its invalidation where that overtakes a refresh", async () => {
    const { isExhaustive } = await exploreInterleavings({
      async setUp(run) {
        const made = world(run, { isFenced: false, cache: { ttlMs: seconds(1), staleWhileRevalidateMs: seconds(60) } });
        await made.a.users.get("7");
        run.clock.advance(2_000);
        return made;
      },
      operations: { refresh: ({ a }) => a.users.get("7"), update: ({ a }) => a.update() },
      async check({ fleet, a }) {
        expect(await a.users.get("7")).toBe(2);
        expect([0, 2]).toContain(await fleet.held());
      },
    });
    expect(isExhaustive).toBe(true);
  });

  test("that calls an invalidation done has none but the new value in the remote tier, whichever call fails", async () => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: (run) => world(run, { isFenced: false }),
      operations: { read: ({ a }) => a.users.get("7"), update: ({ a }) => a.update() },
      async check({ fleet }, { update }) {
        if (update.value === "done") expect([0, 2]).toContain(await fleet.held());
      },
      maxFaults: 1,
      faults: ["call"],
    });
    expect(isExhaustive).toBe(true);
  });
});

describe("without a fence", () => {
  test("another process's slow load brings the old value back, which is found and can be replayed", async () => {
    const race = {
      setUp: (run: ConstructorParameters<typeof Fleet>[0]) => world(run, { isFenced: false }),
      operations: { "A reads": ({ a }: World) => a.users.get("7"), "B updates": ({ b }: World) => b.update() },
      check: async ({ fleet }: World): Promise<void> => expect([0, 2]).toContain(await fleet.held()),
    };
    const { schedule } = await failureOf(exploreInterleavings(race));
    expect(schedule.indexOf("B: remove user:7 is done")).toBeGreaterThan(schedule.indexOf("A: select is done"));
    expect(schedule.indexOf("B: remove user:7 is done")).toBeLessThan(schedule.indexOf("A: write user:7 is done"));
    expect((await failureOf(exploreInterleavings({ ...race, replay: schedule }))).schedule).toEqual(schedule);
  });

  test("a write that overtakes the removal behind it brings the old value back, which is found", async () => {
    const { schedule } = await failureOf(
      exploreInterleavings({
        setUp: (run) => world(run, { isFenced: false, tier: { anyOrder: true } }),
        operations: { read: ({ a }) => a.users.get("7"), update: ({ a }) => a.update() },
        check: async ({ fleet }) => expect([0, 2]).toContain(await fleet.held()),
      }),
    );
    expect(schedule.indexOf("A: remove user:7 is done")).toBeLessThan(schedule.indexOf("A: write user:7 is done"));
  });
});
