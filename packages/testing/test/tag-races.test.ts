import { seconds } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { exploreInterleavings } from "../src/index.ts";
import { TaggedFleet, type TaggedProcess } from "./tagged-fleet.ts";

interface World {
  readonly fleet: TaggedFleet;
  readonly a: TaggedProcess;
  readonly b: TaggedProcess;
}

function world(run: ConstructorParameters<typeof TaggedFleet>[0], cache = {}): World {
  const fleet = new TaggedFleet(run, cache);
  return { fleet, a: fleet.process("A"), b: fleet.process("B") };
}

/** As a world in which both know all tokens, and nothing is held locally. */
async function warm(run: ConstructorParameters<typeof TaggedFleet>[0], cache = {}): Promise<World> {
  const made = world(run, cache);
  for (const { users } of [made.a, made.b]) {
    await users.get("other");
    await users.delete("other");
  }
  return made;
}

/** For worlds with too many orders to look at all of them in seconds: the same ones in every run. */
const sample = { seed: 11, maxSchedules: 600 };

/** When nothing is under way any more, neither process answers with anything older than the database. */
async function agreed({ a, b }: World, version: number): Promise<void> {
  expect(await a.users.get("7")).toBe(version);
  expect(await b.users.get("7")).toBe(version);
}

describe.each(["invalidateTags", "deleteByTags", "clear"] as const)("%s, in whichever order", (how) => {
  test("undoes a slow load of another process", async () => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: (run) => warm(run),
      operations: { read: ({ a }) => a.users.get("7"), update: ({ b }) => b.update(how) },
      check: (made) => agreed(made, 2),
      maxSchedules: 20_000,
    });
    expect(isExhaustive).toBe(true);
  });

  test("leaves nothing old of two reads, and who reads after it in its process sees it", async () => {
    await exploreInterleavings({
      setUp: (run) => warm(run),
      operations: {
        first: ({ a }) => a.users.get("7"),
        second: ({ b }) => b.users.get("7"),
        update: ({ b }) => b.update(how),
      },
      async check(made, { second, update }) {
        if (second.beganAt > update.endedAt) expect(second.value).toBe(2);
        await agreed(made, 2);
      },
      ...sample,
    });
  });

  test("reaches what one process has read while another one, and its own reads, go on", async () => {
    await exploreInterleavings({
      setUp: world,
      operations: {
        first: ({ a }) => a.users.get("7"),
        second: ({ a }) => a.users.get("7"),
        update: ({ a }) => a.update(how),
      },
      async check(made, { first, second, update }) {
        for (const read of [first, second]) if (read.beganAt > update.endedAt) expect(read.value).toBe(2);
        await agreed(made, 2);
      },
      ...sample,
    });
  });

  test("is not undone by a refresh behind a stale value", async () => {
    const { interleavings } = await exploreInterleavings({
      async setUp(run) {
        const made = await warm(run, { ttlMs: seconds(1), staleWhileRevalidateMs: seconds(60) });
        await made.a.users.get("7");
        run.clock.advance(2_000);
        return made;
      },
      operations: { refresh: ({ a }) => a.users.get("7"), update: ({ b }) => b.update(how) },
      check: (made) => agreed(made, 2),
      ...sample,
    });
    expect(interleavings).toBeGreaterThan(10);
  });

  test("that fails leaves the old value unread in its process until it has been done", async () => {
    await exploreInterleavings({
      setUp: (run) => warm(run),
      operations: { read: ({ a }) => a.users.get("7"), update: ({ a }) => a.update(how) },
      async check({ a }, { update }) {
        expect(["done", "queued"]).toContain(update.value);
        expect(await a.users.get("7")).toBe(2);
      },
      maxFaults: 1,
      faults: ["call"],
      ...sample,
    });
  });

  test("and a set of the same moment leave either the one that was set, or nothing of before", async () => {
    await exploreInterleavings({
      async setUp(run) {
        const made = await warm(run);
        await made.a.users.get("7");
        await made.b.users.get("7");
        return made;
      },
      operations: { set: ({ a }) => a.users.set("7", 9), update: ({ b }) => b.update(how) },
      async check({ a, b }) {
        const values = [await a.users.get("7"), await b.users.get("7")];
        expect([
          [9, 9],
          [2, 2],
        ]).toContainEqual(values);
      },
      ...sample,
    });
  });

  test("is not undone by a read of its process that overtakes it", async () => {
    const { isExhaustive } = await exploreInterleavings({
      async setUp(run) {
        const fleet = new TaggedFleet(run);
        const made = { fleet, a: fleet.process("A", { anyOrder: true }), b: fleet.process("B") };
        await made.b.users.get("7");
        return made;
      },
      operations: { read: ({ a }) => a.users.get("7"), update: ({ a }) => a.update(how) },
      check: async ({ a }) => expect(await a.users.get("7")).toBe(2),
    });
    expect(isExhaustive).toBe(true);
  });

  test("reaches values whose tags their loader has named", async () => {
    await exploreInterleavings({
      setUp: (run) => warm(run, {}),
      operations: {
        first: ({ a }) => a.found.get("7"),
        second: ({ a }) => a.found.get("7"),
        update: ({ a }) => a.update(how),
      },
      async check({ a, b }, { first, second, update }) {
        for (const read of [first, second]) if (read.beganAt > update.endedAt) expect(read.value).toBe(2);
        expect([await a.found.get("7"), await b.found.get("7")]).toEqual([2, 2]);
      },
      ...sample,
    });
  });

  test("reaches in another process values whose tags their loader has named, known before and unknown", async () => {
    for (const isKnown of [true, false]) {
      await exploreInterleavings({
        async setUp(run) {
          const made = world(run);
          if (isKnown) for (const { found } of [made.a, made.b]) for (const _ of [1, 2]) await found.get("other");
          return made;
        },
        operations: { read: ({ a }) => a.found.get("7"), update: ({ b }) => b.update(how) },
        async check({ a, b }) {
          expect([await a.found.get("7"), await b.found.get("7")]).toEqual([2, 2]);
        },
        ...sample,
      });
    }
  });
});

describe("tokens, in whichever order", () => {
  test("that two processes make at the same time are one, and a cold key is loaded once", async () => {
    const { isExhaustive } = await exploreInterleavings({
      setUp: world,
      operations: { "A reads": ({ a }) => a.users.get("7"), "B reads": ({ b }) => b.users.get("7") },
      check: async ({ fleet }) => expect(fleet.loads).toBe(1),
      maxSchedules: 30_000,
    });
    expect(isExhaustive).toBe(true);
  });

  test("that a server evicts bring nothing back, and are made anew", async () => {
    await exploreInterleavings({
      async setUp(run) {
        const made = await warm(run);
        await made.a.users.get("7");
        return made;
      },
      operations: {
        evict: ({ fleet }) => fleet.evictTokens(),
        read: ({ b }) => b.users.get("7"),
        update: ({ a }) => a.update("deleteByTags"),
      },
      check: (made) => agreed(made, 2),
      ...sample,
    });
  });

  test("that are read while their end is announced are not taken for current ones", async () => {
    await exploreInterleavings({
      async setUp(run) {
        const made = world(run);
        await made.b.users.get("7");
        return made;
      },
      operations: { read: ({ a }) => a.users.get("7"), update: ({ b }) => b.update("deleteByTags") },
      check: (made) => agreed(made, 2),
      ...sample,
    });
  });
});
