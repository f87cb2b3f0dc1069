import { beforeEach, expect, test } from "vitest";
import { TaggedUsers } from "./tagged-users.ts";

let fleet: TaggedUsers;

beforeEach(() => {
  fleet = new TaggedUsers();
});

test("what a key has for tags is explained, and whether they hold", async () => {
  const one = await fleet.warmed();
  await one.users.get("7");
  await fleet.settled();
  const held = [{ tag: "t%3A7", isCurrent: true }];
  expect((await one.users.explain("7")).tiers).toMatchObject([
    { holds: "fresh", tags: held },
    { holds: "fresh", tags: held },
  ]);
  await one.cache.deleteByTags(["t:7"]);
  const ended = [{ tag: "t%3A7", isCurrent: false }];
  expect((await one.users.explain("7")).tiers).toMatchObject([
    { holds: "expired", tags: ended },
    { holds: "ended", isCleared: false, tags: ended },
  ]);
  await one.cache.clear();
  expect((await one.users.explain("7")).tiers).toMatchObject([
    { holds: "nothing" },
    { holds: "ended", isCleared: true },
  ]);
});

test("tags are hidden where keys are, in keys, frames and announcements", async () => {
  const { cache, tier } = fleet.process({ hashKeys: { secret: "0123456789abcdef" } });
  const users = cache.namespace("user", { load: () => 1, tags: () => ["someone"] });
  await users.get("7");
  await fleet.settled();
  await cache.invalidateTags(["someone"]);
  await cache.deleteByTags(["someone"]);
  const held = await fleet.server.tier().readMany(fleet.server.keys);
  const seen = [...fleet.server.keys, ...held.map((frame) => Buffer.from(frame ?? []).toString("latin1"))];
  expect(seen.join()).not.toContain("someone");
  expect(seen.join()).toContain("%#");
  expect(tier.keysOf("remove").flat().join()).not.toContain("someone");
});

test("what was ended is told as its caller was, by how many tags or by namespace", async () => {
  const { cache, tier } = fleet.process();
  const { observer } = fleet;
  const users = cache.namespace("user", { load: () => 1, tags: () => ["someone"] });
  cache.namespace("job");
  await users.get("7");
  await cache.invalidateTags(["someone", "else"]);
  await cache.deleteByTags(["someone"]);
  await users.clear();
  tier.fail();
  expect(await cache.deleteByTags(["someone"])).toEqual({ status: "queued" });
  expect(await cache.clear()).toEqual({ status: "queued" });
  expect(observer.of("tags-ended")).toEqual([
    { type: "tags-ended", operation: "invalidate", tags: 2, status: "done" },
    { type: "tags-ended", operation: "delete", tags: 1, status: "done" },
    { type: "tags-ended", operation: "delete", tags: 1, status: "queued" },
  ]);
  expect(observer.of("cleared")).toEqual([
    { type: "cleared", namespace: "user", status: "done" },
    { type: "cleared", namespace: "user", status: "queued" },
    { type: "cleared", namespace: "job", status: "queued" },
  ]);
  expect(JSON.stringify(observer.events)).not.toContain("someone");
});

test("a pattern that cannot be looked for is told as a pattern, and not as a clearing", async () => {
  const { cache, tier } = fleet.process();
  const { observer } = fleet;
  const users = cache.namespace("user", { load: () => 1 });
  await users.get("7");
  tier.fail(new Error("away"), "scan");
  await users.invalidatePattern("7*");
  expect(observer.count("pattern-invalidated")).toBe(1);
  expect(observer.of("cleared")).toEqual([]);
});
