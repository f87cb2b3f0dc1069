import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const many = Array.from({ length: 10_000 }, (_, tag) => `t${tag}`);
const throwing = new Proxy(["a"], {
  get: () => {
    throw new Error("not here");
  },
});

/** What is no list of tags, by the number of the case. */
const refused: readonly (readonly [number, string, unknown])[] = [
  [74, "an empty tag", [""]],
  [76, "10,000 tags", many],
  [76, "33 tags", many.slice(0, 33)],
  [77, "a tag of 1 MB", ["t".repeat(2 ** 20)]],
  [77, "a tag of 129 units", ["t".repeat(129)]],
  [79, "the tag *", ["*"]],
  [80, "a number", [5]],
  [80, "null", [null]],
  [80, "a list", [["a"]]],
  [80, "no list", "a"],
  [80, "nothing", undefined],
  [80, "a promise", Promise.resolve(["a"])],
  [80, "a lone surrogate", ["\ud800"]],
];

const accepted: readonly (readonly [number, string, readonly string[]])[] = [
  [73, "no tags", []],
  [75, "duplicates", ["a", "a", "b"]],
  [76, "32 tags", many.slice(0, 32)],
  [77, "a tag of 128 units", ["ü".repeat(128)]],
  [78, "NUL, braces and separators", ["\0", "{}", "a:b", "a%3Ab", "x\r\ny", "__proto__", "constructor"]],
];

describe("tags that a namespace declares", () => {
  test.each(refused)(
    "case %i: %s: the read and the write are refused, and nothing is loaded or kept",
    async (_case, _kind, tags) => {
      const load = vi.fn(() => "v");
      const texts = fleet.process().namespace("text", { load, tags: () => tags as never });
      const outcomes = await Promise.allSettled([
        texts.get("a"),
        texts.getMany(["a"]),
        texts.set("a", "v"),
        texts.read("a"),
      ]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: "rejected", reason: { code: "INVALID_OPTION" } });
      }
      expect(load).not.toHaveBeenCalled();
      expect(fleet.shared.count()).toBe(0);
    },
  );

  test("case 81: a function that throws is told as an error of the declaration", async () => {
    const cause = new Error("oops");
    const texts = fleet.process().namespace("text", {
      load: () => "v",
      tags: () => {
        throw cause;
      },
    });
    await expect(texts.get("a")).rejects.toMatchObject({ code: "INVALID_OPTION", cause });
    const odd = fleet.process().namespace("odd", { load: () => "v", tags: () => throwing });
    await expect(odd.get("a")).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test.each(accepted)("case %i: %s do", async (_case, _kind, tags) => {
    const cache = fleet.process();
    const texts = cache.namespace("text", { load: () => "v", tags: () => tags });
    expect(await texts.get("a")).toBe("v");
    await fleet.settled();
    expect(await fleet.process().namespace<string>("text").get("a")).toBe("v");
    for (const tag of tags) await cache.deleteByTags([tag]);
    expect(texts.peek("a")).toBe(tags.length === 0 ? "v" : undefined);
  });

  test("do not meet where one looks like another one's escape", async () => {
    const cache = fleet.process();
    const texts = cache.namespace("text", { load: () => "v", tags: (id) => [id] });
    await texts.getMany(["a:b", "a%3Ab"]);
    await cache.deleteByTags(["a:b"]);
    expect([texts.peek("a:b"), texts.peek("a%3Ab")]).toEqual([undefined, "v"]);
  });
});

describe("tags that are handed over", () => {
  test.each(refused)("case %i: %s: set, invalidateTags and addTags refuse them", async (_case, kind, tags) => {
    const cache = fleet.process();
    const texts = cache.namespace("text", {
      load: (_id: string, { addTags }) => {
        addTags(...(Array.isArray(tags) ? (tags as string[]) : [tags as never]));
        return "v";
      },
    });
    // To end many at once is no mistake; nor is it to hand over one tag as it is, or none.
    const isMany = kind.endsWith("tags");
    const isOne = kind === "no list";
    if (!isOne) await expect(texts.get("a")).rejects.toMatchObject({ code: "INVALID_OPTION" });
    if (tags !== undefined)
      await expect(texts.set("a", "v", { tags: tags as never })).rejects.toMatchObject({ code: "INVALID_OPTION" });
    if (isMany) return;
    await expect(cache.invalidateTags(tags as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(cache.deleteByTags(tags as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("are no more than 32 together with those that are declared", async () => {
    const texts = fleet.process().namespace("text", {
      tags: () => many.slice(0, 30),
      load: (_id: string, { addTags }) => {
        addTags("t0", "x");
        addTags("y");
        expect(() => addTags("z")).toThrow("at most 32");
        return "v";
      },
    });
    expect(await texts.get("a")).toBe("v");
    await expect(texts.set("a", "v", { tags: ["x", "y", "z"] })).rejects.toMatchObject({ code: "INVALID_OPTION" });
    expect(await texts.set("a", "v", { tags: ["t0", "x", "y"] })).toEqual({ status: "done" });
  });

  test("are named to no one in an error", async () => {
    const error: unknown = await fleet
      .process()
      .invalidateTags(["private\ud800"])
      .catch((reason: unknown) => reason);
    expect(String(error)).not.toContain("private");
  });

  test("case 82: the same one may be ended 100,000 times", async () => {
    const cache = fleet.process();
    const texts = cache.namespace("text", { load: () => "v", tags: () => ["t"] });
    await texts.get("a");
    for (let time = 0; time < 100; time++)
      await Promise.all(Array.from({ length: 1_000 }, () => cache.deleteByTags(["t"])));
    expect(await texts.get("a")).toBe("v");
  });

  test("of a namespace that hides its keys in a cache that does not are refused", () => {
    const declare = () =>
      fleet
        .process()
        .namespace("text", { load: () => "v", tags: () => ["t"], hashKeys: { secret: "0123456789abcdef" } });
    expect(declare).toThrow("hashKeys");
  });
});

describe("options of what ends many values", () => {
  test.each([{ requireRemote: "yes" }, { unknown: true }, "options", null])("%o are refused", async (options) => {
    const cache = fleet.process();
    const texts = cache.namespace<string>("text");
    const calls = [
      cache.invalidateTags(["t"], options as never),
      cache.deleteByTags(["t"], options as never),
      cache.clear(options as never),
      texts.clear(options as never),
      texts.deleteMany(["a"], options as never),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "INVALID_OPTION" } });
    }
  });

  test("are refused after close, as all else", async () => {
    const cache = fleet.process();
    const texts = cache.namespace<string>("text");
    await cache.close();
    for (const call of [
      () => cache.invalidateTags(["t"]),
      () => cache.deleteByTags(["t"]),
      () => cache.clear(),
      () => texts.clear(),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "CLOSED" });
    }
  });
});
