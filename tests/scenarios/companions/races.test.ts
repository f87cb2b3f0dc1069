import { beforeEach, describe, expect, test } from "vitest";
import { type ListingProcess, ListsAndScores } from "./lists-and-scores.ts";

let fleet: ListsAndScores;
let one: ListingProcess;
let other: ListingProcess;

beforeEach(async () => {
  fleet = new ListsAndScores();
  [one, other] = [await fleet.listing(), await fleet.listing()];
});

/** What may happen to the score of user 7 and job 1 after its origin has changed. */
const ends = {
  delete: ({ scores }) => scores.delete(7, 1),
  invalidate: ({ scores }) => scores.invalidate(7, 1),
  set: ({ scores }) => scores.set([7, 1], { jobId: 1, version: 2 }),
  invalidatePattern: ({ scores }) => scores.invalidatePattern("7:*"),
  clear: ({ scores }) => scores.clear(),
  "invalidateTags of its own": ({ cache }) => cache.invalidateTags(["job:1"]),
  "deleteByTags of its own": ({ cache }) => cache.deleteByTags(["job:1"]),
  "deleteByTags of the list's": ({ cache }) => cache.deleteByTags(["lists"]),
  "delete of the list": ({ lists }) => lists.delete(7),
} satisfies Readonly<Record<string, (by: ListingProcess) => Promise<unknown>>>;

type End = keyof typeof ends;
const allEnds = Object.keys(ends) as End[];
/** What a process has to hear of before it takes that for an end of the score too. */
const ownEnds = allEnds.filter((end) => !end.includes("of the list"));

/** Loads a list in the first process, and changes the origin once the loader has read it. */
async function changedMeanwhile(change: () => Promise<unknown>): Promise<void> {
  fleet.holdLists();
  const loading = one.lists.get(7);
  await fleet.settled();
  fleet.clock.advance(1);
  fleet.version = 2;
  await change();
  await fleet.releaseLists();
  expect(await loading).toMatchObject([{ version: 1 }, { version: 1 }]);
  await fleet.settled();
}

/** Lets the time pass within which an echo is waited for. */
async function inVain(): Promise<void> {
  fleet.clock.advance(200);
  await fleet.settled();
}

/** What each process finds of the score, and one that begins now. */
async function found(): Promise<readonly number[]> {
  const third = await fleet.listing();
  const all = await Promise.all([third, other, one].map(({ scores }) => scores.get(7, 1)));
  return all.map(({ version }) => version);
}

describe("what was learned is older than what was done to its key while it was, and is not kept", () => {
  test.each(allEnds)("%s in this process", async (end) => {
    await changedMeanwhile(() => ends[end](one));
    expect(await found()).toEqual([2, 2, 2]);
  });

  test.each(allEnds)("%s in another process", async (end) => {
    await changedMeanwhile(() => ends[end](other));
    expect(await found()).toEqual([2, 2, 2]);
  });

  test.each(ownEnds)("%s in another process, of which nothing has been heard when the loader ends", async (end) => {
    one.tier.messages.hold();
    await changedMeanwhile(() => ends[end](other));
    await inVain();
    // What others read is decided by the remote tier alone, and this process hears of it in its own time.
    expect((await found()).slice(0, 2)).toEqual([2, 2]);
    one.tier.messages.release();
    await fleet.settled();
    expect(await found()).toEqual([2, 2, 2]);
  });

  test.each(ownEnds)("%s in another process, of which this one never hears", async (end) => {
    one.tier.loseBus();
    await changedMeanwhile(() => ends[end](other));
    await inVain();
    expect((await found()).slice(0, 2)).toEqual([2, 2]);
    one.tier.healBus();
    await fleet.settled();
    expect(await found()).toEqual([2, 2, 2]);
  });
});

describe("what was learned is not kept", () => {
  /** Loads a list of which the words of the bus, and the remote tier, are late. */
  async function lateThere(operation: "read" | "acquire" | "commit" | "echo"): Promise<void> {
    fleet.holdLists();
    const loading = one.lists.get(7);
    await fleet.settled();
    one.tier.hold(operation, "request");
    await fleet.releaseLists();
    await loading;
  }

  const calls = ["read", "acquire", "commit", "echo"] as const;
  test.each(calls.flatMap((call) => ownEnds.map((end) => [end, call] as const)))(
    "where %s comes between the loader's end and the %s in the remote tier",
    async (end, operation) => {
      await lateThere(operation);
      fleet.clock.advance(1);
      fleet.version = 2;
      await ends[end](other);
      one.tier.release();
      await fleet.settled();
      expect(await found()).toEqual([2, 2, 2]);
    },
  );

  test("where an echo has come back that was sent before the lease was taken", async () => {
    one.tier.messages.hold();
    await one.lists.get(8);
    await fleet.settled();
    await changedMeanwhile(() => other.scores.delete(7, 1));
    const [echo] = one.tier.messages.held;
    expect(echo?.kind).toBe("echo");
    echo?.release();
    await fleet.settled();
    await inVain();
    expect((await found()).slice(0, 2)).toEqual([2, 2]);
  });

  test("where the bus was away while the loader ran, though it is back", async () => {
    await changedMeanwhile(async () => {
      one.tier.loseBus();
      await other.scores.delete(7, 1);
      one.tier.healBus();
      await fleet.settled();
    });
    expect(await found()).toEqual([2, 2, 2]);
  });

  test("where a pattern was looked for before the lease, and told of after the echo", async () => {
    fleet.holdLists();
    const loading = one.lists.get(7);
    await fleet.settled();
    fleet.clock.advance(1);
    fleet.version = 2;
    // The scan has passed, and found nothing of the key.
    other.tier.hold("scan");
    const ended = other.scores.invalidatePattern("7:*");
    await other.tier.whenHeld(1);
    await fleet.releaseLists();
    await loading;
    await fleet.settled();
    other.tier.release();
    await ended;
    await fleet.settled();
    expect(await found()).toEqual([2, 2, 2]);
  });

  test("where the remote tier does not say that all was heard", async () => {
    one.tier.fail(new Error("no echo"), "echo");
    await one.lists.get(7);
    await fleet.settled();
    await inVain();
    one.tier.heal();
    expect((await other.scores.explain(7, 1)).tiers).toMatchObject([{ holds: "nothing" }, { holds: "nothing" }]);
    expect(fleet.scoreLoads).toBe(0);
  });

  test("by a load that nobody may keep, as a tier could not be asked", async () => {
    one.tier.fail(new Error("away"), "read");
    await one.lists.get(7);
    await fleet.settled();
    expect(one.scores.peek(7, 1)).toBeUndefined();
  });
});

test("a lease that comes to nothing is given up, and nobody waits for it", async () => {
  fleet.holdLists();
  const loading = one.lists.get(7);
  await fleet.settled();
  one.tier.hold("echo", "request");
  await fleet.releaseLists();
  await loading;
  const waiting = other.scores.get(7, 1);
  await fleet.settled();
  one.tier.loseBus();
  one.tier.healBus();
  one.tier.release();
  await fleet.settled();
  expect(await waiting).toMatchObject({ version: 1 });
  expect(fleet.scoreLoads).toBe(1);
});
