import { describe, expect, test } from "vitest";
import { exploreInterleavings, type Interleaving } from "../src/index.ts";
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

/** Changes the database and then tells the cache, by a pattern. */
async function update(fleet: Fleet, { users }: FleetProcess): Promise<string> {
  fleet.version++;
  return (await users.invalidatePattern("7*")).status;
}

describe("a pattern", () => {
  test("leaves nothing older in its own process, in whichever order a load and it happen", async () => {
    await exploreInterleavings({
      setUp: (run) => world(run, { isFenced: false }),
      operations: { read: ({ a }) => a.users.get("7"), update: ({ fleet, a }) => update(fleet, a) },
      async check({ fleet, a }, { read, update: updated }) {
        if (read.beganAt > updated.endedAt) expect(read.value).toBe(2);
        expect(await a.users.get("7")).toBe(2);
        expect([0, 2]).toContain(await fleet.held());
      },
    });
  });

  test("leaves nothing older in the server or another process, in whichever order a load there and it happen", async () => {
    await exploreInterleavings({
      setUp: (run) => world(run),
      operations: { read: ({ a }) => a.users.get("7"), update: ({ fleet, b }) => update(fleet, b) },
      async check({ fleet, a, b }) {
        expect([0, 2]).toContain(await fleet.held());
        expect([await a.users.get("7"), await b.users.get("7")]).toEqual([2, 2]);
      },
    });
  });

  test("that is called done has left nothing older in the server, whichever call fails", async () => {
    await exploreInterleavings({
      setUp: (run) => world(run),
      operations: { read: ({ a }) => a.users.get("7"), update: ({ fleet, b }) => update(fleet, b) },
      async check({ fleet }, { update: updated }) {
        if (updated.value === "done") expect([0, 2]).toContain(await fleet.held());
      },
      maxFaults: 1,
      faults: ["call"],
    });
  });
});
