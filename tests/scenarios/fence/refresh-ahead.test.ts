import { createCache } from "@tiercache/core";
import { beforeEach, expect, test, vi } from "vitest";
import { FencedFleet } from "./fenced-fleet.ts";

let fleet: FencedFleet;

beforeEach(() => {
  fleet = new FencedFleet();
});

test("a refresh ahead of what a remote tier had replaces that frame and no newer one", async () => {
  const slow = Promise.withResolvers<string>();
  const load = vi.fn<() => string | Promise<string>>().mockReturnValueOnce("old").mockReturnValueOnce(slow.promise);
  const textsOf = ({ cache }: ReturnType<FencedFleet["process"]>) =>
    cache.namespace("text", { load, ttlMs: 100, refreshAhead: 0.5 });
  await textsOf(fleet.process()).get("a");
  await fleet.settled();
  fleet.clock.advance(60);
  const texts = textsOf(fleet.process());
  expect(await texts.get("a")).toBe("old");
  await fleet.settled();
  const other = createCache({ tiers: [fleet.server.tier()], clock: fleet.clock }).namespace<string>("text");
  await other.set("a", "set meanwhile");
  slow.resolve("loaded before");
  await fleet.settled();
  expect(await other.get("a")).toBe("set meanwhile");
  expect(await texts.get("a")).toBe("set meanwhile");
});

test("a refresh ahead of what a remote tier had is kept there, and no lease is left of it", async () => {
  const load = vi.fn(() => fleet.clock.now());
  const rules = { load, ttlMs: 100, refreshAhead: 0.5 };
  await fleet.process().cache.namespace("time", rules).get("t");
  await fleet.settled();
  fleet.clock.advance(60);
  expect(await fleet.process().cache.namespace("time", rules).get("t")).toBe(0);
  await fleet.settled();
  expect(await fleet.process().cache.namespace<number>("time").get("t")).toBe(60);
  expect(load).toHaveBeenCalledTimes(2);
});
