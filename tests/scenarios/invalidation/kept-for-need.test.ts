import { createCache, seconds } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { manualClock, memoryServer, memoryTier } from "@tiercache/testing";
import { expect, test } from "vitest";
import { keysOfValues } from "../values-in.ts";
import { Processes, settled } from "./origin-and-processes.ts";

const rules = { ttlMs: seconds(100), staleIfErrorMs: seconds(50) };
const key = "value:7";

test("what was invalidated is loaded by the next read, in every process, whatever stale-while-revalidate allows", async () => {
  const processes = new Processes({ ...rules, staleWhileRevalidateMs: seconds(50) });
  const [one, other, remote] = [processes.process(), processes.process(), processes.process(false)];
  for (const { values } of [one, other]) expect(await values.get("7")).toBe("v1");
  processes.version = 2;
  expect(await one.values.invalidate("7")).toEqual({ status: "done" });
  expect(one.values.peek("7")).toBeUndefined();
  expect(await one.values.read("7")).toMatchObject({ value: "v2", stale: undefined });
  processes.version = 3;
  await one.values.invalidate("7");
  await settled();
  expect(other.values.peek("7")).toBeUndefined();
  expect(await remote.values.read("7")).toMatchObject({ value: "v3", stale: undefined });
  expect(await other.values.read("7")).toMatchObject({ value: "v3", stale: undefined, source: "memory" });
});

test("where the load fails, what was invalidated answers, flagged, in every process and for no longer than it may", async () => {
  const processes = new Processes({ ...rules, retryLoadAfterMs: 0 });
  const [one, other, remote] = [processes.process(), processes.process(), processes.process(false)];
  for (const { values } of [one, other]) await values.get("7");
  await one.values.invalidate("7");
  await settled();
  processes.isFailing = true;
  for (const { values } of [one, other, remote]) {
    expect(await values.read("7")).toMatchObject({ value: "v1", stale: "load-failed" });
  }
  processes.clock.advance(seconds(49));
  for (const { values } of [one, other, remote]) expect(await values.get("7")).toBe("v1");
  processes.clock.advance(seconds(1));
  for (const { values } of [one, other, remote]) await expect(values.get("7")).rejects.toThrow("the origin is away");
});

test("a second invalidation makes it no younger, and has the next read load again", async () => {
  const processes = new Processes({ ...rules, retryLoadAfterMs: seconds(10) });
  const [one, remote] = [processes.process(), processes.process(false)];
  await one.values.get("7");
  await one.values.invalidate("7");
  processes.isFailing = true;
  await one.values.get("7");
  const { loads } = processes;
  await one.values.get("7");
  expect(processes.loads).toBe(loads);
  processes.clock.advance(seconds(5));
  await one.values.invalidate("7");
  await one.values.get("7");
  expect(processes.loads).toBe(loads + 1);
  processes.clock.advance(seconds(45));
  await expect(remote.values.get("7")).rejects.toThrow("the origin is away");
});

test("the soft timeout allows it too, and a delete takes it away", async () => {
  const processes = new Processes(rules);
  const one = processes.process();
  await one.values.get("7");
  await one.values.delete("7");
  processes.isFailing = true;
  await expect(one.values.get("7")).rejects.toThrow("the origin is away");
  expect(keysOfValues(processes.server.keys)).toEqual([]);
});

test("explain says that it is stale, and who would answer", async () => {
  const processes = new Processes({ ...rules, staleWhileRevalidateMs: seconds(80) });
  const one = processes.process();
  await one.values.get("7");
  processes.clock.advance(seconds(10));
  await one.values.invalidate("7");
  processes.clock.advance(seconds(10));
  const { tiers, answeredBy } = await one.values.explain("7");
  expect(answeredBy).toBe("loader");
  for (const tier of tiers) {
    expect(tier).toMatchObject({
      holds: "stale",
      ageMs: seconds(20),
      freshForMs: -seconds(10),
      usefulForMs: seconds(40),
    });
  }
});

test("a loader that finds it unchanged prolongs it where it lies", async () => {
  const clock = manualClock();
  const server = memoryServer({ clock });
  const cache = createCache({ tiers: [lru(), server.tier()], clock, horizonMs: Number.POSITIVE_INFINITY });
  const told: unknown[] = [];
  const pages = cache.namespace<string>("page", {
    ...rules,
    load: (_id, { stale, unchanged, setEtag }) => {
      told.push(stale?.etag);
      setEtag("1");
      return stale === undefined ? "page" : unchanged();
    },
  });
  await pages.get("7");
  await cache.drain();
  await pages.invalidate("7");
  expect(await pages.read("7")).toMatchObject({ value: "page", stale: undefined, source: "loader" });
  await cache.drain();
  const other = createCache({ tiers: [server.tier()], clock }).namespace<string>("page", rules);
  expect(await other.get("7")).toBe("page");
  expect(told).toEqual([undefined, "1"]);
});

test("a sliding hit in a process that has not heard of it does not bring it back", async () => {
  const processes = new Processes({ ...rules, sliding: true });
  const [one, other, remote] = [processes.process(), processes.process(), processes.process(false)];
  for (const { values } of [one, other]) await values.get("7");
  await settled();
  other.tier.loseBus();
  processes.clock.advance(seconds(20));
  await one.values.invalidate("7");
  expect(await other.values.get("7")).toBe("v1");
  await other.drain();
  processes.version = 2;
  expect(await remote.values.get("7")).toBe("v2");
});

test("what the server could not be told of is queued, done before it is read again, and again after a loss", async () => {
  const processes = new Processes(rules);
  const [one, remote] = [processes.process(), processes.process(false)];
  await one.values.get("7");
  await one.drain();
  const earlier = processes.server.snapshot();
  one.tier.fail();
  expect(await one.values.invalidate("7")).toEqual({ status: "queued" });
  one.tier.heal();
  processes.version = 2;
  expect(await one.values.get("7")).toBe("v2");
  await one.drain();
  processes.server.restart({ keep: earlier });
  expect(await remote.values.get("7")).toBe("v1");
  processes.version = 3;
  await one.values.delete("another");
  expect(await one.values.read("7", { from: "any" })).toMatchObject({ stale: undefined });
  const again = processes.process(false);
  processes.isFailing = true;
  // Not v1, which the server came back with, unless flagged.
  expect(await again.values.read("7")).not.toMatchObject({ value: "v1", stale: undefined });
});

test("what was stale already when it was invalidated answers no longer for it", async () => {
  const processes = new Processes({ ...rules, retryLoadAfterMs: 0 });
  const [one, remote] = [processes.process(), processes.process(false)];
  await one.values.get("7");
  await one.drain();
  processes.clock.advance(seconds(120));
  await one.values.invalidate("7");
  processes.isFailing = true;
  processes.clock.advance(seconds(29));
  for (const { values } of [one, remote]) expect(await values.get("7")).toBe("v1");
  processes.clock.advance(seconds(1));
  for (const { values } of [one, remote]) await expect(values.get("7")).rejects.toThrow("the origin is away");
});

test("what is told late is stale since it was asked for", async () => {
  const processes = new Processes({ ...rules, retryLoadAfterMs: 0 });
  const [one, remote] = [processes.process(), processes.process(false)];
  await one.values.get("7");
  await one.drain();
  one.tier.fail();
  expect(await one.values.invalidate("7")).toEqual({ status: "queued" });
  processes.clock.advance(seconds(10));
  one.tier.heal();
  await one.values.get("another");
  processes.isFailing = true;
  processes.clock.advance(seconds(39));
  expect(await remote.values.read("7")).toMatchObject({ value: "v1", stale: "load-failed" });
  processes.clock.advance(seconds(1));
  await expect(remote.values.get("7")).rejects.toThrow("the origin is away");
});

test("without stale-if-error, and in tiers that can do no more, an invalidation removes", async () => {
  const bare = new Processes({ ttlMs: seconds(100) });
  const { values } = bare.process();
  await values.get("7");
  await values.invalidate("7");
  expect(keysOfValues(bare.server.keys)).toEqual([]);
  const clock = manualClock();
  const plain = memoryTier({ clock });
  const cache = createCache({ tiers: [plain], clock });
  const others = cache.namespace("value", { load: () => "v1", ...rules });
  await others.get("7");
  await cache.drain();
  expect(keysOfValues(plain.keys)).toEqual([key]);
  await others.invalidate("7");
  expect(keysOfValues(plain.keys)).toEqual([]);
});

test("a tier whose time is not known is told to remove it", async () => {
  const processes = new Processes(rules);
  const { values, tier, drain } = processes.process();
  await values.get("7");
  await drain();
  tier.loseTime();
  expect(await values.invalidate("7")).toEqual({ status: "done" });
  expect(keysOfValues(processes.server.keys)).toEqual([]);
});

test("a local tier alone keeps it for need too", async () => {
  const clock = manualClock();
  let isFailing = false;
  const cache = createCache({ tiers: [lru()], clock });
  const load = (): string => {
    if (isFailing) throw new Error("away");
    return "v1";
  };
  const values = cache.namespace("value", { load, ...rules });
  await values.get("7");
  expect(await values.invalidate("7")).toEqual({ status: "done" });
  isFailing = true;
  expect(await values.read("7")).toMatchObject({ value: "v1", stale: "load-failed" });
});
