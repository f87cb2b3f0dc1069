import { minutes } from "@tiercache/core";
import { beforeEach, describe, expect, test } from "vitest";
import { type TaggedProcess, TaggedUsers } from "./tagged-users.ts";

let fleet: TaggedUsers;

beforeEach(() => {
  fleet = new TaggedUsers();
});

describe("in another process", () => {
  test.each(["invalidateTags", "deleteByTags", "clear"] as const)("%s ends what is held there at once", async (how) => {
    const [one, other] = [await fleet.warmed(), await fleet.warmed()];
    await one.users.get("7");
    await fleet.settled();
    expect(await other.users.get("7")).toBe(1);
    fleet.version = 2;
    await (how === "clear" ? one.cache.clear() : one.cache[how](["t:7"]));
    await fleet.settled();
    expect(other.users.peek("7")).toBeUndefined();
    expect(await other.users.get("7")).toBe(2);
    await fleet.settled();
    expect(await one.users.get("7")).toBe(2);
    expect(one.load).toHaveBeenCalledTimes(1);
  });

  test("a value that was found is under the tags that its frame says, also those that only its loader knew", async () => {
    const named = (one: TaggedProcess) =>
      one.cache.namespace("page", {
        load: async (_id: string, { addTags }) => {
          addTags("author");
          return fleet.version;
        },
      });
    const [one, other] = [fleet.tagged(), fleet.tagged()];
    const [pages, pagesThere] = [named(one), named(other)];
    for (const _ of [1, 2]) {
      await pages.get("a");
      await fleet.settled();
    }
    expect(await pagesThere.read("a")).toMatchObject({ value: 1, source: "memory" });
    fleet.version = 2;
    await one.cache.deleteByTags(["author"]);
    await fleet.settled();
    expect(pagesThere.peek("a")).toBeUndefined();
    expect(await pagesThere.get("a")).toBe(2);
  });

  test("what was invalidated by a tag answers where a load fails, from a remote tier alone too", async () => {
    const rules = { ttlMs: minutes(10), staleIfErrorMs: minutes(5), tags: () => ["t"] };
    const one = fleet.process().cache;
    await one.namespace("text", { load: () => "old", ...rules }).get("a");
    await fleet.settled();
    await one.invalidateTags(["t"]);
    const away = (): Promise<string> => Promise.reject(new Error("origin is away"));
    const texts = fleet.process().cache.namespace("text", { load: away, ...rules });
    expect(await texts.read("a")).toMatchObject({ value: "old", stale: "load-failed" });
    fleet.clock.advance(minutes(5));
    await expect(
      fleet
        .process()
        .cache.namespace("text", { load: away, ...rules })
        .get("a"),
    ).rejects.toThrow("away");
    await one.deleteByTags(["t"]);
    await fleet.settled();
    await expect(texts.get("a")).rejects.toThrow("origin is away");
  });
});
