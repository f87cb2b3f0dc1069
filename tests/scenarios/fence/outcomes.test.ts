import { beforeEach, expect, test } from "vitest";
import { FencedFleet } from "./fenced-fleet.ts";

let fleet: FencedFleet;

beforeEach(() => {
  fleet = new FencedFleet();
});

test("a wait for another process's load is told of with its length, and whether it was worth it", async () => {
  const slow = Promise.withResolvers<string>();
  const [theirs, ours] = [fleet.process(), fleet.process()].map(({ cache }) =>
    cache.namespace("user", { load: () => slow.promise }),
  );
  const loading = theirs?.get("1");
  await fleet.settled();
  const waiting = ours?.get("1");
  await fleet.settled();
  fleet.clock.advance(15);
  slow.resolve("v");
  await fleet.settled();
  expect(await Promise.all([loading, waiting])).toEqual(["v", "v"]);
  const waited = { type: "lease-waited", namespace: "user", tier: "memory", durationMs: 15, answered: true };
  expect(fleet.observer.of("lease-waited")).toEqual([waited]);
  const outcomes = fleet.observer.events.map(({ type }) => type).filter((type) => ["hit", "miss"].includes(type));
  expect(outcomes).toEqual(["miss", "hit"]);
});

test("a reader whose patience ends while another process loads is told of once, as stale", async () => {
  const rules = { ttlMs: 100 };
  const slow = Promise.withResolvers<string>();
  let loads = 0;
  const theirs = fleet.process(rules).cache.namespace("user", { load: () => (++loads === 1 ? "old" : slow.promise) });
  const patience = { ...rules, staleIfErrorMs: 10_000, softTimeoutMs: 10 };
  const ours = fleet.process(patience).cache.namespace("user", { load: () => "ours" });
  await theirs.get("1");
  await fleet.settled();
  await ours.get("1");
  fleet.clock.advance(150);
  const loading = theirs.get("1");
  await fleet.settled();
  fleet.observer.clear();
  const reading = ours.get("1");
  await fleet.settled();
  fleet.clock.advance(12);
  expect(await reading).toBe("old");
  slow.resolve("new");
  await loading;
  await fleet.settled();
  expect(await ours.get("1")).toBe("new");
  const outcomes = fleet.observer.events.map(({ type }) => type).filter((type) => ["hit", "stale"].includes(type));
  expect(outcomes).toEqual(["stale", "hit"]);
});

test("what another process invalidates is told of by the number of its keys, and one's own is not", async () => {
  const [theirs, ours] = [fleet.process(), fleet.process()].map(({ cache }) => cache.namespace<string>("user"));
  await ours?.invalidate("1");
  await fleet.settled();
  fleet.observer.clear();
  await theirs?.invalidateMany(["1", "2"]);
  await fleet.settled();
  // One observer hears both processes: only the other one was told anything.
  expect(fleet.observer.of("invalidated-elsewhere")).toEqual([
    { type: "invalidated-elsewhere", namespace: "user", keys: 2 },
  ]);
});
