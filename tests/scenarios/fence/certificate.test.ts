import { beforeEach, expect, test, vi } from "vitest";
import { valuesIn } from "../values-in.ts";
import { FencedFleet } from "./fenced-fleet.ts";

let fleet: FencedFleet;

beforeEach(() => {
  fleet = new FencedFleet();
});

/** Lets time pass in steps that echoes can keep up with. */
async function passes(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    fleet.clock.advance(50);
    await fleet.settled();
  }
}

test("a local entry answers by itself for as long as the bus proves that nothing was missed", async () => {
  const { cache, tier } = fleet.process({ horizonMs: 1_000 });
  const users = cache.namespace("user", { load: vi.fn(() => 1) });
  // What is kept before listening has begun is confirmed once.
  await passes(100);
  await users.get("7");
  await passes(5_000);
  tier.clearCalls();
  expect(await users.get("7")).toBe(1);
  expect(valuesIn(tier).count("read")).toBe(0);
});

test("a local entry is confirmed by the server once the proof is older than the horizon", async () => {
  const { cache, tier } = fleet.process({ horizonMs: 1_000 });
  let version = 1;
  const users = cache.namespace("user", { load: () => version });
  // What is kept before listening has begun is confirmed once.
  await passes(100);
  await users.get("7");
  await passes(500);
  tier.loseBus();
  version = 2;
  await fleet.process().cache.namespace<number>("user").invalidate("7");
  await passes(1_100);
  expect(users.peek("7")).toBeUndefined();
  expect(await users.get("7")).toBe(2);
});

test("what was kept before a gap is confirmed before it answers, and what has not changed is not loaded again", async () => {
  const { cache, tier } = fleet.process({ horizonMs: 1_000 });
  const load = vi.fn(() => 1);
  const users = cache.namespace("user", { load });
  // What is kept before listening has begun is confirmed once.
  await passes(100);
  await users.get("7");
  await passes(500);
  tier.loseBus();
  tier.healBus();
  await passes(100);
  expect(users.peek("7")).toBeUndefined();
  expect(await users.read("7")).toMatchObject({ value: 1, source: "memory", stale: undefined });
  expect(users.peek("7")).toBe(1);
  expect(load).toHaveBeenCalledTimes(1);
});

test("while nobody can be asked, what is held answers and says that it is not certified", async () => {
  const { cache, tier } = fleet.process({ horizonMs: 1_000 });
  const load = vi.fn(() => 1);
  const users = cache.namespace("user", { load });
  // What is kept before listening has begun is confirmed once.
  await passes(100);
  await users.get("7");
  await passes(500);
  tier.loseBus();
  tier.fail();
  await passes(1_100);
  expect(await users.read("7")).toMatchObject({ value: 1, source: "lru", stale: "uncertified" });
  expect(load).toHaveBeenCalledTimes(1);
});
