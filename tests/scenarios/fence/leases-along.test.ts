import type { LoadingNamespace } from "@tiercache/core";
import type { ChaosTier } from "@tiercache/testing";
import { beforeEach, expect, test } from "vitest";
import { FencedFleet } from "./fenced-fleet.ts";

/** So many misses in a row, and the next one is expected to be one too. */
const MISSES = 4;

let fleet: FencedFleet;
let users: LoadingNamespace<[id: string], string>;
let tier: ChaosTier;
let loads: string[];

beforeEach(() => {
  fleet = new FencedFleet();
  loads = [];
  const ours = fleet.process();
  tier = ours.tier;
  users = ours.cache.namespace("user", {
    load: (id) => {
      loads.push(id);
      return `ours ${id}`;
    },
  });
});

async function missed(times: number): Promise<void> {
  for (let miss = 0; miss < times; miss++) await users.get(`cold ${miss}`);
  await fleet.settled();
}

/** What another process has of a key that it would not load itself. */
function foundElsewhere(id: string): Promise<string | undefined> {
  return fleet.process().cache.namespace<string>("user").get(id);
}

test("a miss asks for its lease when it has been told that there is nothing", async () => {
  await missed(MISSES - 1);
  const before = tier.count("acquire");
  tier.hold("read", "reply");
  const answer = users.get("1");
  await fleet.settled();
  expect(tier.count("acquire")).toBe(before);
  tier.release();
  expect(await answer).toBe("ours 1");
});

test("after a few misses in a row the next one asks for its lease along with its read", async () => {
  await missed(MISSES);
  const before = tier.count("acquire");
  tier.hold("read", "reply");
  const answer = users.get("1");
  await fleet.settled();
  expect(tier.count("acquire")).toBe(before + 1);
  tier.release();
  expect(await answer).toBe("ours 1");
  await fleet.settled();
  expect(tier.count("acquire")).toBe(before + 1);
  expect(await foundElsewhere("1")).toBe("ours 1");
});

test("a read that comes upon the lease which was asked for along with it loads, and waits for nobody", async () => {
  await missed(MISSES);
  tier.hold("read", "request");
  const answer = users.get("1");
  await fleet.settled();
  tier.release();
  await fleet.settled();
  expect(loads.at(-1)).toBe("1");
  expect(await answer).toBe("ours 1");
  await fleet.settled();
  expect(tier.count("wait")).toBe(0);
  expect(await foundElsewhere("1")).toBe("ours 1");
});

test("what is found after all is handed out, no lease is left, and the next read asks for none", async () => {
  await fleet.process().cache.namespace<string>("user").set("known", "theirs");
  await missed(MISSES);
  expect(await users.get("known")).toBe("theirs");
  const before = tier.count("acquire");
  expect(await foundElsewhere("known")).toBe("theirs");
  await fleet.process().cache.namespace<string>("user").set("known too", "theirs");
  expect(await users.get("known too")).toBe("theirs");
  expect(tier.count("acquire")).toBe(before);
});

test("a lease of what was removed between its read and itself is given up", async () => {
  const theirs = fleet.process().cache.namespace<string>("user");
  await theirs.set("known", "theirs");
  await missed(MISSES);
  tier.hold("acquire", "request");
  const answer = users.get("known");
  await fleet.settled();
  await theirs.delete("known");
  const held = fleet.server.size;
  tier.release();
  expect(await answer).toBe("theirs");
  await fleet.settled();
  expect(fleet.server.size).toBe(held);
  expect(await foundElsewhere("known")).toBeUndefined();
});

test("another process's lease is waited for, and not asked for twice", async () => {
  const slow = Promise.withResolvers<string>();
  const theirs = fleet.process().cache.namespace("user", { load: () => slow.promise });
  await missed(MISSES);
  const loading = theirs.get("1");
  await fleet.settled();
  const answer = users.get("1");
  await fleet.settled();
  slow.resolve("theirs 1");
  expect(await Promise.all([loading, answer])).toEqual(["theirs 1", "theirs 1"]);
  expect(loads).not.toContain("1");
});

test("a miss whose lease is never answered for is loaded once the deadline has passed", async () => {
  await missed(MISSES);
  tier.hold("acquire", "reply");
  const answer = users.get("1");
  await fleet.settled();
  expect(loads).not.toContain("1");
  fleet.clock.advance(200);
  expect(await answer).toBe("ours 1");
});
