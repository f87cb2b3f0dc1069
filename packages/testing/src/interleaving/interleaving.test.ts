import { describe, expect, test } from "vitest";
import { exploreInterleavings } from "./explore-interleavings.ts";

describe("time", () => {
  test("passes only when nothing else is under way", async () => {
    const seen = new Set<string>();
    await exploreInterleavings({
      setUp: (run) => run,
      operations: {
        sleeps: ({ clock }) => new Promise<number>((resolve) => clock.after(100, () => resolve(clock.now()))),
        asks: (run) => run.process("A").ask("question", () => run.clock.now()),
      },
      check(_, { sleeps, asks }) {
        seen.add(`${sleeps.value} ${asks.value}`);
        expect(asks.value === 100).toBe(asks.beganAt > sleeps.endedAt);
      },
    });
    expect(seen).toEqual(new Set(["100 0", "100 100"]));
  });

  test("passes earlier where that may go wrong", async () => {
    const late = new Set<boolean>();
    await exploreInterleavings({
      setUp: (run) => run,
      operations: {
        async hurries(run) {
          const tooLate = new Promise<string>((resolve) => run.clock.after(100, () => resolve("too late")));
          return Promise.race([run.process("A").ask("question", () => "answered"), tooLate]);
        },
      },
      check: (_, { hurries }) => void late.add(hurries.value === "too late"),
      maxFaults: 1,
    });
    expect(late).toEqual(new Set([false, true]));
  });

  test("may be moved by an operation", async () => {
    const values = new Set<number | undefined>();
    await exploreInterleavings({
      setUp: (run) => run,
      operations: {
        asks: (run) => run.process("A").ask("question", () => run.clock.now()),
        moves: ({ clock }) => clock.advance(5),
      },
      check: (_, { asks }) => void values.add(asks.value),
    });
    expect(values).toEqual(new Set([0, 5]));
  });
});
