import { createCache, seconds } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { manualClock, memoryTier } from "@tiercache/testing";
import { describe, expect, test } from "vitest";
import { keysOfValues } from "../values-in.ts";
import { Processes, settled } from "./origin-and-processes.ts";

const rules = { ttlMs: seconds(100), holdOffMs: seconds(2) };
const key = "value:7";

test("what a lagging replica still says is handed out and kept nowhere, in any process, until the hold-off is over", async () => {
  const processes = new Processes(rules);
  const [one, other, remote] = [processes.process(), processes.process(), processes.process(false)];
  for (const { values } of [one, other]) await values.get("7");
  // The database has changed; the replica that the loaders read has not yet.
  expect(await one.values.invalidate("7")).toEqual({ status: "done" });
  await settled();
  for (const { values } of [one, other, remote, one]) expect(await values.get("7")).toBe("v1");
  processes.clock.advance(seconds(2) - 1);
  for (const { values, drain } of [one, other, remote]) {
    expect(await values.get("7")).toBe("v1");
    await drain();
  }
  expect([one.values.peek("7"), other.values.peek("7"), processes.loads]).toEqual([undefined, undefined, 8]);
  processes.version = 2;
  processes.clock.advance(1);
  expect(keysOfValues(processes.server.keys)).toEqual([]);
  for (const { values, drain } of [one, other, remote]) {
    expect(await values.get("7")).toBe("v2");
    await drain();
  }
  expect([one.values.peek("7"), other.values.peek("7"), processes.loads]).toEqual(["v2", "v2", 9]);
});

test("a load that began within the hold-off is not kept, however late it ends", async () => {
  const clock = manualClock();
  const answers: PromiseWithResolvers<string>[] = [];
  const cache = createCache({ tiers: [lru()], clock });
  const load = (): Promise<string> => {
    const answer = Promise.withResolvers<string>();
    answers.push(answer);
    return answer.promise;
  };
  const values = cache.namespace("value", { load, ...rules });
  await values.invalidate("7");
  const early = values.get("7");
  await settled();
  clock.advance(seconds(2));
  answers[0]?.resolve("v1");
  expect([await early, values.peek("7")]).toEqual(["v1", undefined]);
  const late = values.get("7");
  await settled();
  answers[1]?.resolve("v2");
  expect([await late, values.peek("7")]).toEqual(["v2", "v2"]);
});

test("what the application sets is kept at once, everywhere", async () => {
  const processes = new Processes(rules);
  const [one, other] = [processes.process(), processes.process()];
  await one.values.invalidate("7");
  expect(await one.values.set("7", "set")).toEqual({ status: "done" });
  expect([one.values.peek("7"), await other.values.get("7"), other.values.peek("7")]).toEqual(["set", "set", "set"]);
  expect(processes.loads).toBe(0);
});

test("it is told to the observer and by explain, and no lease is waited for", async () => {
  const processes = new Processes(rules);
  const [one, other] = [processes.process(), processes.process()];
  await one.values.invalidate("7");
  expect((await other.values.explain("7")).tiers.at(-1)).toEqual({ tier: "memory", holds: "tombstone" });
  await Promise.all([one.values.get("7"), other.values.get("7")]);
  for (const { observer } of [one, other]) {
    expect([observer.count("held-off"), observer.count("awaited"), observer.count("refused")]).toEqual([1, 0, 0]);
  }
});

test("what was invalidated answers in need during a hold-off too, where a process has it", async () => {
  const processes = new Processes({ ...rules, staleIfErrorMs: seconds(50), retryLoadAfterMs: 0 });
  const [one, other, remote] = [processes.process(), processes.process(), processes.process(false)];
  for (const { values } of [one, other]) await values.get("7");
  await one.values.invalidate("7");
  await settled();
  processes.isFailing = true;
  for (const { values } of [one, other]) expect(await values.read("7")).toMatchObject({ stale: "load-failed" });
  await expect(remote.values.get("7")).rejects.toThrow("the origin is away");
});

test("what is done again after a loss does not end the hold-off of a later invalidation", async () => {
  const processes = new Processes(rules);
  const [one, other] = [processes.process(), processes.process()];
  await one.values.invalidate("7");
  await one.values.set("7", "set");
  await processes.passes(seconds(3));
  one.tier.fail();
  expect(await one.values.invalidate("7")).toEqual({ status: "queued" });
  one.tier.heal();
  processes.server.restart();
  await processes.passes(500);
  expect(keysOfValues(processes.server.keys)).toEqual([key]);
  expect(await other.values.get("7")).toBe("v1");
  await other.drain();
  expect(other.values.peek("7")).toBeUndefined();
});

describe("what is loaded without the word of the tier that would forbid to keep it", () => {
  test("answers flagged while the tier is away, and not at all once it can be asked", async () => {
    const processes = new Processes(rules);
    const [one, other] = [processes.process(), processes.process()];
    await settled();
    other.tier.fail(undefined, "read");
    await one.values.invalidate("7");
    await settled();
    expect(await other.values.read("7")).toEqual({ value: "v1", source: "loader", ageMs: 0, stale: undefined });
    expect(await other.values.read("7")).toMatchObject({ value: "v1", source: "lru", stale: "uncertified" });
    expect([other.values.peek("7"), processes.loads]).toEqual([undefined, 1]);
    other.tier.heal();
    processes.version = 2;
    expect(await other.values.read("7")).toMatchObject({ value: "v2", source: "loader" });
  });

  test("does not answer where its reader has passed the tier by", async () => {
    const processes = new Processes(rules);
    const [one, other] = [processes.process(), processes.process()];
    await settled();
    await one.values.invalidate("7");
    await settled();
    await other.values.read("7", { skipReading: ["memory"] });
    expect([other.values.peek("7"), processes.loads]).toEqual([undefined, 1]);
    expect(await other.values.read("7")).toMatchObject({ source: "loader" });
  });

  test("is kept as ever where no loader is said to lag behind", async () => {
    const processes = new Processes({ ttlMs: seconds(100) });
    const { values, tier } = processes.process();
    await settled();
    tier.fail(undefined, "read");
    await values.get("7");
    expect(await values.read("7")).toMatchObject({ source: "lru", stale: undefined });
  });
});

test("a call's own hold-off counts in place of the namespace's, also for a delete", async () => {
  const processes = new Processes({ ttlMs: seconds(100) });
  const { values, drain } = processes.process();
  await values.invalidateMany(["7", "8"], { holdOffMs: seconds(1) });
  await values.deleteMany(["9"], { holdOffMs: seconds(3) });
  expect(keysOfValues(processes.server.keys)).toEqual([key, "value:8", "value:9"]);
  processes.clock.advance(seconds(1));
  for (const id of ["7", "8", "9"]) await values.get(id);
  await drain();
  expect(["7", "8", "9"].map((id) => values.peek(id))).toEqual(["v1", "v1", undefined]);
  const own = new Processes(rules);
  const strict = own.process();
  await strict.values.invalidateMany(["7"], { holdOffMs: 0 });
  expect(keysOfValues(own.server.keys)).toEqual([]);
});

test("what is told late keeps others off for what is left of it, and then removes", async () => {
  const processes = new Processes(rules);
  const { values, tier } = processes.process();
  tier.fail();
  expect(await values.invalidate("7")).toEqual({ status: "queued" });
  await processes.passes(500);
  tier.heal();
  await processes.passes(500);
  await values.get("8");
  expect(processes.server.keys[0]).toBe(key);
  await processes.passes(seconds(1));
  expect(keysOfValues(processes.server.keys)).not.toContain(key);
  tier.fail();
  await values.invalidate("7");
  await processes.passes(seconds(2));
  tier.clearCalls();
  tier.heal();
  await processes.passes(seconds(1));
  await values.get("9");
  expect([tier.count("bury"), tier.count("remove")]).toEqual([0, 1]);
});

describe("without a fence", () => {
  test.each([
    ["a local tier alone", [lru()] as const],
    ["a remote tier that cannot", [memoryTier({ clock: manualClock() })] as const],
  ])("%s keeps nothing of it in the process that invalidated", async (_, tiers) => {
    const clock = manualClock();
    let loads = 0;
    const values = createCache({ tiers, clock }).namespace("value", { load: () => ++loads, ...rules });
    await values.invalidate("7");
    expect([await values.get("7"), await values.get("7")]).toEqual([1, 2]);
    clock.advance(seconds(2));
    expect([await values.get("7"), await values.get("7")]).toEqual([3, 3]);
  });
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "1s"])("a hold-off of %s is refused", async (holdOffMs) => {
  const { values } = new Processes(rules).process();
  const refused = expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining("holdOffMs") });
  await expect(values.invalidateMany(["7"], { holdOffMs: holdOffMs as number })).rejects.toEqual(refused);
  await expect(values.deleteMany(["7"], { holdOffMs: holdOffMs as number })).rejects.toEqual(refused);
  expect(() => new Processes({ holdOffMs: holdOffMs as number }).process()).toThrow(refused);
});
