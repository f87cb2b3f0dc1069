import { beforeEach, describe, expect, test } from "vitest";
import { ThreeTiers } from "./three-tiers.ts";

let tiers: ThreeTiers;

beforeEach(() => {
  tiers = new ThreeTiers();
});

describe("a tier that set passes by", () => {
  test.each<[readonly string[], readonly unknown[]]>([
    [[], ["new", "new", "new"]],
    [["lru"], [undefined, "new", "new"]],
    [["near"], ["new", undefined, "new"]],
    [["far"], ["new", "new", undefined]],
    [
      ["lru", "far"],
      [undefined, "new", undefined],
    ],
    [
      ["near", "far"],
      ["new", undefined, undefined],
    ],
    [
      ["lru", "near", "far"],
      [undefined, undefined, undefined],
    ],
    [
      ["near", "near"],
      ["new", undefined, "new"],
    ],
  ])("has nothing of the key afterwards, as what it had is older: %o", async (skipWriting, after) => {
    for (const one of [true, false]) {
      const id = one ? "a" : "b";
      const texts = tiers.cache({ prefix: id }).namespace<string>("text");
      await texts.set(id, "old");
      const written = one
        ? texts.set(id, "new", { skipWriting })
        : texts.setMany(
            [
              [id, "new"],
              ["c", "new"],
            ],
            { skipWriting },
          );
      expect(await written).toEqual({ status: "done" });
      const local = texts.peek(id);
      for (const tier of [tiers.near, tiers.far]) tier.clearCalls();
      const held = [tiers.near, tiers.far].map(async (tier) => {
        const [frame] = await tier.readMany([`${id}/text:${id}`], { signal: new AbortController().signal });
        return frame === undefined ? undefined : "new";
      });
      expect([local, ...(await Promise.all(held))]).toEqual(after);
    }
  });

  test("is asked by later reads as before, and filled by them", async () => {
    const texts = tiers.cache().namespace<string>("text");
    await texts.set("a", "v", { skipWriting: ["lru", "near"] });
    expect(await texts.read("a")).toMatchObject({ value: "v", source: "far" });
    expect([texts.peek("a"), ...(await tiers.held("text", "a"))]).toEqual(["v", "v", "v"]);
  });

  test("makes the write a failed one when it cannot be told to forget the key", async () => {
    const texts = tiers.cache().namespace<string>("text");
    await texts.set("a", "old");
    tiers.near.fail(undefined, "remove");
    expect(await texts.set("a", "new", { skipWriting: ["near"] })).toEqual({ status: "queued" });
    expect(await texts.set("b", "new", { skipWriting: ["far"] })).toEqual({ status: "done" });
    expect(tiers.observer.of("tier-failed").map(({ tier, operation }) => [tier, operation])).toEqual([
      ["near", "remove"],
    ]);
  });

  test("does not keep the write from superseding a load that is running", async () => {
    const answer = Promise.withResolvers<string>();
    const texts = tiers.cache().namespace("text", { load: () => answer.promise });
    const read = texts.get("a");
    await tiers.settled();
    await texts.set("a", "set", { skipWriting: ["lru"] });
    answer.resolve("loaded");
    expect(await read).toBe("loaded");
    await tiers.settled();
    expect(texts.peek("a")).toBeUndefined();
    expect(await texts.get("a")).toBe("set");
  });

  test("goes along with a life of the value's own", async () => {
    const texts = tiers.cache().namespace<string>("text");
    await texts.set("a", "v", { skipWriting: ["lru"], ttlMs: 10 });
    tiers.clock.advance(10);
    expect(await texts.get("a")).toBeUndefined();
  });
});
