import { describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { exploreInterleavings } from "./explore-interleavings.ts";
import type { Interleaving } from "./interleaving.ts";

/** Two processes that add to a number in a database: each reads it, and writes it back. */
interface Counting {
  number: number;
  readonly add: (process: string) => Promise<number>;
}

function counting(run: Interleaving): Counting {
  const world: Counting = {
    number: 0,
    async add(name) {
      const process = run.process(name);
      const seen = await process.ask("read", () => world.number);
      await process.ask("write", () => {
        world.number = seen + 1;
      });
      return seen;
    },
  };
  return world;
}

const adding = {
  setUp: counting,
  operations: { one: ({ add }: Counting) => add("A"), other: ({ add }: Counting) => add("B") },
};

describe("a search", () => {
  test("goes through everything that may happen, and through nothing twice", async () => {
    const seen: number[][] = [];
    const explored = await exploreInterleavings({
      ...adding,
      check: ({ number }, { one, other }) => void seen.push([number, one.value ?? -1, other.value ?? -1]),
    });
    expect(explored).toEqual({ interleavings: seen.length, isExhaustive: true });
    expect(new Set(seen.map(String))).toEqual(new Set(["2,0,1", "2,1,0", "1,0,0"]));
  });

  test("without reduction goes through more runs to the same ends", async () => {
    const ends = async (reduce: boolean): Promise<{ readonly runs: number; readonly ends: ReadonlySet<string> }> => {
      const seen = new Set<string>();
      const { interleavings } = await exploreInterleavings({
        ...adding,
        reduce,
        check: ({ number }, { one, other }) => void seen.add(`${number} ${one.value} ${other.value}`),
      });
      return { runs: interleavings, ends: seen };
    };
    const [reduced, all] = [await ends(true), await ends(false)];
    expect(reduced.ends).toEqual(all.ends);
    expect(reduced.runs).toBeLessThan(all.runs);
  });

  test("tells the steps of the first run in which something does not hold, readably", async () => {
    const error = await failureOf(
      exploreInterleavings({ ...adding, check: ({ number }) => expect(number, "what was added is lost").toBe(2) }),
    );
    expect(error.schedule).toContain("A: read is done");
    expect(error.message).toContain("what was added is lost");
    expect(error.message).toContain(`replay: [\n  "one: begins",\n`);
    expect(error.cause).toBeInstanceOf(Error);
  });

  test("can be told to make that run again, and no other", async () => {
    const check = ({ number }: Counting): void => expect(number).toBe(2);
    const { schedule } = await failureOf(exploreInterleavings({ ...adding, check }));
    const again = await failureOf(exploreInterleavings({ ...adding, check, replay: schedule }));
    expect(again.schedule).toEqual(schedule);
    const sound = await exploreInterleavings({ ...adding, check, replay: ["one: begins", "A: read is done"] });
    expect(sound).toEqual({ interleavings: 1, isExhaustive: false });
  });

  test("says what is possible where a schedule cannot be followed", async () => {
    const error = await failureOf(
      exploreInterleavings({ ...adding, check() {}, replay: ["one: begins", "B: read is done"] }),
    );
    expect(error.message).toContain('Step 2 of the schedule, "B: read is done", is not possible');
    expect(error.message).toContain('possible are "A: read is done", "other: begins"');
  });

  test("ends at its bound and says so", async () => {
    const explored = await exploreInterleavings({ ...adding, check() {}, maxSchedules: 3 });
    expect(explored).toEqual({ interleavings: 3, isExhaustive: false });
  });

  test("by chance makes the same runs for the same seed", async () => {
    const drawn = async (seed: number): Promise<string> => {
      let all = "";
      const check = (_: Counting, history: object): void => {
        all += JSON.stringify(history);
      };
      expect(await exploreInterleavings({ ...adding, check, seed, maxSchedules: 20 })).toEqual({
        interleavings: 20,
        isExhaustive: false,
      });
      return all;
    };
    const first = await drawn(5);
    expect(await drawn(5)).toBe(first);
    expect(await drawn(6)).not.toBe(first);
  });

  test("notices that what happens does not depend on the schedule alone", async () => {
    let runs = 0;
    const error = await failureOf(
      exploreInterleavings({
        setUp(run) {
          runs++;
          return run;
        },
        operations: {
          one: (run) => run.process("A").ask(runs < 3 ? "first" : "another", () => {}),
          other: (run) => run.process("B").ask("other", () => {}),
        },
        check() {},
      }),
    );
    expect(error.message).toContain("The same schedule has led elsewhere");
  });
});

describe("an operation", () => {
  test("is told with what it resolved to or was rejected with, and when", async () => {
    const error = new Error("refused");
    await exploreInterleavings({
      setUp: (run) => run.process("A"),
      operations: {
        asks: (process) => process.ask("question", () => 7),
        fails: (process) =>
          process.ask("wrong question", () => {
            throw error;
          }),
        throws(): string {
          throw error;
        },
      },
      check(_, { asks, fails, throws }) {
        expect([asks.value, asks.error, fails.value, fails.error, throws.error]).toEqual([
          7,
          undefined,
          undefined,
          error,
          error,
        ]);
        for (const { beganAt, endedAt } of [asks, fails]) expect(endedAt - beganAt).toBeGreaterThanOrEqual(2);
        expect(throws.endedAt).toBe(throws.beganAt);
      },
    });
  });

  test("begins at any point of the others, also behind their end", async () => {
    const ends: boolean[] = [];
    await exploreInterleavings({
      ...adding,
      check: (_, { one, other }) => void ends.push(other.beganAt > one.endedAt),
    });
    expect(new Set(ends)).toEqual(new Set([true, false]));
  });

  test("that does not end is found out", async () => {
    const error = await failureOf(
      exploreInterleavings({
        setUp: (run) => run,
        operations: { waits: () => new Promise<void>(() => {}), ends: () => {} },
        check() {},
      }),
    );
    expect(error.message).toContain("Nothing can happen any longer, but not ended: waits.");
  });

  test("that goes on for ever is found out", async () => {
    const error = await failureOf(
      exploreInterleavings({
        setUp: (run) => run.process("A"),
        operations: {
          async asks(process) {
            for (;;) await process.ask("question", () => {});
          },
        },
        check() {},
        maxSteps: 50,
      }),
    );
    expect(error.message).toContain("It goes on after 50 steps.");
    expect(error.schedule).toHaveLength(50);
  });
});

test("wrong options are refused by name", async () => {
  const sound = { ...adding, check() {} };
  await expect(exploreInterleavings(undefined as never)).rejects.toThrow("exploreInterleavings.setUp is undefined");
  await expect(exploreInterleavings({ ...sound, seed: 0 })).rejects.toThrow("exploreInterleavings.seed is 0");
  await expect(exploreInterleavings({ ...sound, maxFaults: -1 })).rejects.toThrow(
    "exploreInterleavings.maxFaults is -1",
  );
  await expect(exploreInterleavings({ ...sound, faults: ["x" as never] })).rejects.toThrow(
    "exploreInterleavings.faults",
  );
  await expect(exploreInterleavings({ ...sound, maxSchedules: 0 })).rejects.toThrow(
    "exploreInterleavings.maxSchedules",
  );
});
