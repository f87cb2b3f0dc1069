import { beforeEach, describe, expect, test } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

function composed(cache = fleet.process()) {
  return cache.namespace<string, [number, number]>("match", { key: (user, job) => [user, job] });
}

describe("invalidatePattern of a namespace refuses", () => {
  test.each<[unknown, string]>([
    ["", "a string of 1 to 1024"],
    ["*", "allowUnbounded"],
    ["**********a", "allowUnbounded"],
    ["?234:*", "allowUnbounded"],
    ["1".repeat(1_025), "a string of 1 to 1024"],
    ["*".repeat(10_000_000), "a string of 1 to 1024"],
    [/1.*/, "a string of 1 to 1024"],
    [undefined, "a string of 1 to 1024"],
    [null, "a string of 1 to 1024"],
    [1234, "a string of 1 to 1024"],
    [["1*"], "a string of 1 to 1024"],
    [{ toString: () => "1*" }, "a string of 1 to 1024"],
    ["1\ud800*", "well-formed"],
    ["1\\", "stands in front of"],
    ["1\\d*", "stands in front of"],
    ["{1}*", "escaped"],
  ])("%.40o and touches nothing", async (pattern, allowed) => {
    const matches = composed();
    await matches.set([1, 2], "kept");
    fleet.shared.clearCalls();
    await expect(matches.invalidatePattern(pattern as string)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining(allowed),
    });
    expect(fleet.shared.count()).toBe(0);
    expect(matches.peek(1, 2)).toBe("kept");
  });

  test.each([{ allowUnbounded: 1 }, { unbounded: true }, { requireRemote: "yes" }, [], "x"])(
    "the options %o",
    async (options) => {
      await expect(composed().invalidatePattern("1:*", options as never)).rejects.toMatchObject({
        code: "INVALID_OPTION",
      });
    },
  );

  test("a colon where keys have none, as it would match nothing", async () => {
    const texts = fleet.process().namespace("text");
    await expect(texts.invalidatePattern("a:*")).rejects.toThrow("%3A");
  });

  test("any pattern where the keys are hidden, and says what to do instead", async () => {
    const matches = composed(fleet.process({ hashKeys: { secret: "0123456789abcdef" } }));
    await expect(matches.invalidatePattern("1:*")).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("hashKeys"),
    });
  });

  test("everything once the cache is closed", async () => {
    const cache = fleet.process();
    const matches = composed(cache);
    await cache.close();
    await expect(matches.invalidatePattern("1:*")).rejects.toMatchObject({ code: "CLOSED" });
  });
});

describe("invalidatePattern of a cache refuses", () => {
  test.each<unknown>(["", "*", "match", "mat*:1", "*:1*", "other:1*", ":generation:match", /match/, undefined, 7])(
    "%o, which names no namespace of its own",
    async (pattern) => {
      const cache = fleet.process();
      composed(cache);
      await expect(cache.invalidatePattern(pattern as string)).rejects.toMatchObject({ code: "INVALID_OPTION" });
    },
  );

  test("the whole of a namespace that was not asked for by name", async () => {
    const cache = fleet.process();
    composed(cache);
    await expect(cache.invalidatePattern("match:*")).rejects.toThrow("allowUnbounded");
  });
});

test("signs that mean something to Redis or to regular expressions mean themselves", async () => {
  const texts = fleet.process().namespace<string>("text");
  const keys = ["a[1]x", "a1x", "a.x", "a^x", "a(x", "a\\x", "a{x", "ax"];
  for (const key of keys) await texts.set(key, key);
  for (const [pattern, gone] of [
    ["a[1]*", "a[1]x"],
    ["a.*", "a.x"],
    ["a^*", "a^x"],
    ["a(*", "a(x"],
    ["a\\\\*", "a\\x"],
    ["a%7B*", "a{x"],
  ] as const) {
    expect(await texts.invalidatePattern(pattern)).toEqual({ status: "done" });
    expect(texts.peek(gone)).toBeUndefined();
    keys.splice(keys.indexOf(gone), 1);
    expect(await texts.getMany(keys)).toEqual(keys);
  }
});

test("no pattern reaches another namespace, nor another application on the server", async () => {
  const [plain, prefixed] = [fleet.process(), fleet.process({ prefix: "app" })];
  const all = [plain, prefixed].flatMap((cache) =>
    ["a", "ab", "a.b", "b"].map((name) => cache.namespace<string>(name)),
  );
  for (const texts of all) await texts.set("k1", "v");
  await plain.invalidatePattern("a:k*", { allowUnbounded: true });
  await plain.invalidatePattern("a.b:*", { allowUnbounded: true });
  const held = await Promise.all(all.map((texts) => texts.get("k1")));
  expect(held).toEqual([undefined, "v", undefined, "v", "v", "v", "v", "v"]);
});
