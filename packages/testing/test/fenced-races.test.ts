import { seconds } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { exploreInterleavings } from "../src/index.ts";
import { Fleet, type FleetOptions, type FleetProcess } from "./fleet.ts";

interface World {
  readonly fleet: Fleet;
  readonly a: FleetProcess;
  readonly b: FleetProcess;
}

function world(run: ConstructorParameters<typeof Fleet>[0], options?: FleetOptions): World {
  const fleet = new Fleet(run, options);
  return { fleet, a: fleet.process("A"), b: fleet.process("B") };
}

/** For worlds with too many orders to look at all of them in seconds: the same ones in every run. */
const sample = { seed: 7, maxSchedules: 2_000 };

/** When nothing is under way any more, neither process and not the server has anything older than the database. */
async function agreed({ fleet, a, b }: World, version: number): Promise<void> {
  expect([0, version]).toContain(await fleet.held());
  expect(await a.users.get("7")).toBe(version);
  expect(await b.users.get("7")).toBe(version);
}

describe("two processes, in whichever order", () => {
  test("a slow load of one does not bring back what the other has invalidated", async () => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: world,
      operations: { "A reads": ({ a }) => a.users.get("7"), "B updates": ({ b }) => b.update() },
      check: (made) => agreed(made, 2),
    });
    expect(isExhaustive).toBe(true);
  });

  test.each([
    ["what was invalidated is kept for need", { staleIfErrorMs: seconds(30) }],
    ["the loader may lag behind for a while", { holdOffMs: seconds(1) }],
    ["both", { staleIfErrorMs: seconds(30), holdOffMs: seconds(1) }],
  ])("no slow load brings back what was invalidated where %s", async (_, cache) => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: (run) => world(run, { cache }),
      operations: { "A reads": ({ a }) => a.users.get("7"), "B updates": ({ b }) => b.update() },
      check: (made) => agreed(made, 2),
    });
    expect(isExhaustive).toBe(true);
  });

  test("two reads of one and an invalidation of the other leave nothing old, and who reads after it sees it", async () => {
    const { interleavings } = await exploreInterleavings({
      setUp: world,
      operations: {
        first: ({ a }) => a.users.get("7"),
        second: ({ b }) => b.users.get("7"),
        update: ({ b }) => b.update(),
      },
      async check(made, { second, update }) {
        // In the process that invalidates, nothing older is seen from then on.
        if (second.beganAt > update.endedAt) expect(second.value).toBe(2);
        await agreed(made, 2);
      },
      ...sample,
    });
    expect(interleavings).toBe(sample.maxSchedules);
  });

  test("a load of one does not write over what the other has set", async () => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: world,
      operations: { read: ({ a }) => a.users.get("7"), set: ({ b }) => b.users.set("7", 9) },
      async check({ fleet, a, b }) {
        expect(await fleet.held()).toBe(9);
        expect([await a.users.get("7"), await b.users.get("7")]).toEqual([9, 9]);
      },
    });
    expect(isExhaustive).toBe(true);
  });

  test("two that set the same key agree in the end on what the server has", async () => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: world,
      operations: { "A sets": ({ a }) => a.users.set("7", 8), "B sets": ({ b }) => b.users.set("7", 9) },
      async check({ fleet, a, b }) {
        const held = await fleet.held();
        expect([await a.users.get("7"), await b.users.get("7")]).toEqual([held, held]);
      },
    });
    expect(isExhaustive).toBe(true);
  });

  test("a refresh behind a stale value does not undo an invalidation of the other", async () => {
    const { isExhaustive } = await exploreInterleavings({
      async setUp(run) {
        const made = world(run, { cache: { ttlMs: seconds(1), staleWhileRevalidateMs: seconds(60) } });
        await made.a.users.get("7");
        run.clock.advance(2_000);
        return made;
      },
      operations: { refresh: ({ a }) => a.users.get("7"), update: ({ b }) => b.update() },
      check: (made) => agreed(made, 2),
    });
    expect(isExhaustive).toBe(true);
  });

  test("a removal that fails leaves the key unread in its process until it has been done", async () => {
    const { interleavings } = await exploreInterleavings({
      setUp: world,
      operations: { read: ({ a }) => a.users.get("7"), update: ({ a }) => a.update() },
      async check({ a }, { update }) {
        expect(["done", "queued"]).toContain(update.value);
        expect(await a.users.get("7")).toBe(2);
      },
      maxFaults: 1,
      faults: ["call"],
      ...sample,
    });
    expect(interleavings).toBe(sample.maxSchedules);
  });

  test("both asking for a cold key load it once", async () => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: world,
      operations: { "A reads": ({ a }) => a.users.get("7"), "B reads": ({ b }) => b.users.get("7") },
      async check({ fleet }) {
        expect(fleet.loads).toBe(1);
      },
    });
    expect(isExhaustive).toBe(true);
  });
});
