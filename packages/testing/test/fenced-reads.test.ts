import { describe, expect, test } from "vitest";
import { type Exploration, exploreInterleavings, type Operations } from "../src/index.ts";
import { failureOf } from "./failure.ts";
import { committed, LeasedWorld, type PutInPlace, written } from "./leased-reads.ts";

const readAndUpdate = {
  "A reads": (world: LeasedWorld) => world.process("A").get(),
  "C updates": (world: LeasedWorld) => world.process("C").update(),
};
const twoReadsAndAnUpdate = { ...readAndUpdate, "B reads": (world: LeasedWorld) => world.process("B").get() };

interface Bounds {
  readonly seed?: number;
  readonly maxSchedules?: number;
  readonly replay?: readonly string[];
}

/** Explores what lies on the server in the end: the present version or none. */
function explored<R>(
  put: PutInPlace,
  operations: Operations<LeasedWorld, R>,
  bounds: Bounds = {},
): Promise<Exploration> {
  return exploreInterleavings({
    setUp: (run) => new LeasedWorld(run, put),
    operations,
    async check(world) {
      expect([undefined, world.version]).toContain(await world.held());
    },
    ...bounds,
  });
}

describe("reads that commit to their lease", () => {
  test("leave nothing older than an update, in whichever order things happen", async () => {
    expect(await explored(committed, readAndUpdate)).toEqual({ interleavings: 26, isExhaustive: true });
  });

  test("do so two at a time, in three processes", async () => {
    expect(await explored(committed, twoReadsAndAnUpdate)).toEqual({ interleavings: 7_808, isExhaustive: true });
  });
});

describe("reads that write without a fence", () => {
  test("are found to leave an old version behind, in an order that can be replayed", async () => {
    const error = await failureOf(explored(written, readAndUpdate));
    expect(error.schedule).toEqual([
      "A reads: begins",
      "A: read user:7 is done",
      "A: read user:7 is answered",
      "A: acquire user:7 is done",
      "A: acquire user:7 is answered",
      "A: select is done",
      "A: select is answered",
      "C updates: begins",
      "C: remove user:7 is done",
      "A: write user:7 is done",
      "A: write user:7 is answered",
      "C: remove user:7 is answered",
    ]);
    const again = await failureOf(explored(written, readAndUpdate, { replay: error.schedule }));
    expect(again.schedule).toEqual(error.schedule);
  });

  test("are found out by chance too", async () => {
    await failureOf(explored(written, twoReadsAndAnUpdate, { seed: 1, maxSchedules: 1_000 }));
  });
});
