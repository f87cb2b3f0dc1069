import { describe, expect, test } from "vitest";
import { memoryServer } from "../memory/memory-server.ts";
import { exploreInterleavings } from "./explore-interleavings.ts";
import type { Interleaving } from "./interleaving.ts";

const call = { signal: new AbortController().signal };
const forever = { ...call, ttlMs: Number.POSITIVE_INFINITY };

/** A process whose calls and messages are explored, and what it has heard. */
function listening(run: Interleaving, anyOrder = false) {
  const server = memoryServer({ clock: run.clock });
  const heard: string[] = [];
  const process = run.process("A");
  const tier = process.tier(server.tier(), { anyOrder });
  tier.bus?.listen("all", {
    message: (text) => heard.push(text),
    echo: (nonce) => heard.push(`echo ${nonce}`),
    gap: () => heard.push("gap"),
  });
  const other = server.tier();
  other.bus.listen("all", { message() {}, echo() {}, gap() {} });
  return { server, tier, other, heard };
}

describe("a tier", () => {
  test.each([
    { anyOrder: false, ends: [2] },
    { anyOrder: true, ends: [1, 2] },
  ])("does and answers calls in their order, or in any: $anyOrder", async ({ anyOrder, ends }) => {
    const seen = new Set<number | undefined>();
    await exploreInterleavings({
      setUp: (run) => listening(run, anyOrder),
      operations: {
        writes: ({ tier }) => Promise.all([1, 2].map((value) => tier.write("1", Uint8Array.of(value), forever))),
      },
      check: async ({ other }) => void seen.add((await other.readMany(["1"]))[0]?.[0]),
    });
    expect(seen).toEqual(new Set(ends));
  });

  test.each([
    { anyOrder: false, ends: ["1 2 echo e 3"] },
    { anyOrder: true, ends: ["1 2 echo e 3", "2 1 echo e 3"] },
  ])("brings messages in their order, or in any, and echoes behind them: $anyOrder", async ({ anyOrder, ends }) => {
    const seen = new Set<string>();
    await exploreInterleavings({
      setUp: (run) => listening(run, anyOrder),
      operations: {
        async announces({ tier, other }) {
          await Promise.all([other.bus.publish("1"), other.bus.publish("2")]);
          await tier.bus?.echo("e");
          await other.bus.publish("3");
        },
      },
      check: ({ heard }) => void seen.add(heard.filter((each) => each !== "gap").join(" ")),
    });
    expect(seen).toEqual(new Set(ends));
  });

  test("hears what two others announce in either order", async () => {
    const seen = new Set<string>();
    await exploreInterleavings({
      setUp(run) {
        const world = listening(run);
        const others = ["B", "C"].map((name) => run.process(name).tier(world.server.tier()));
        for (const { bus } of others) bus?.listen("all", { message() {}, echo() {}, gap() {} });
        return { ...world, others };
      },
      operations: {
        announce: ({ others: [b, c] }) =>
          Promise.all([
            b?.write("1", Uint8Array.of(1), { ...forever, announce: "from B" }),
            c?.remove(["2"], { ...call, announce: "from C" }),
          ]),
      },
      check: ({ heard }) => void seen.add(heard.join(", ")),
    });
    expect(seen).toEqual(new Set(["gap, from B, from C", "gap, from C, from B"]));
  });

  test("may have a call fail before or after it is done", async () => {
    const seen = new Set<string>();
    await exploreInterleavings({
      setUp: listening,
      operations: { writes: ({ tier }) => tier.write("1", Uint8Array.of(1), forever) },
      check: ({ server }, { writes }) => void seen.add(`${server.size} ${writes.error === undefined}`),
      maxFaults: 1,
      faults: ["call"],
    });
    expect(seen).toEqual(new Set(["1 true", "1 false", "0 false"]));
  });

  test("may have its bus break, behind which there is a gap", async () => {
    const seen = new Set<string>();
    await exploreInterleavings({
      setUp: listening,
      operations: { announces: ({ other }) => other.bus.publish("1") },
      check: ({ heard }) => void seen.add(heard.join(" ")),
      maxFaults: 1,
      faults: ["bus"],
    });
    expect(seen).toEqual(new Set(["gap 1", "gap gap", "gap gap 1"]));
  });

  test("lets everything through while the world is built and when it is looked at", async () => {
    const { interleavings } = await exploreInterleavings({
      async setUp(run) {
        const world = listening(run);
        await world.tier.write("1", Uint8Array.of(1), forever);
        return world;
      },
      operations: { reads: ({ tier }) => tier.readMany(["1"], call) },
      async check({ tier, heard }, { reads }) {
        expect(reads.value).toEqual([Uint8Array.of(1)]);
        await tier.remove(["1"], call);
        expect(await tier.readMany(["1"], call)).toEqual([undefined]);
        expect(heard).toEqual(["gap"]);
      },
    });
    expect(interleavings).toBe(1);
  });
});
