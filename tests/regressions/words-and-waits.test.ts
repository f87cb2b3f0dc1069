import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createCache, type LoaderContext, type StaleValue } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

/* What goes wrong elsewhere with what loaders and readers are told, with waits, and with lists that are handed over. */

let fleet: Fleet;
const unhandled = vi.fn();
const away = new Error("origin is away");

beforeEach(() => {
  fleet = new Fleet();
  unhandled.mockClear();
  process.on("unhandledRejection", unhandled);
});

afterEach(async () => {
  await fleet.settled();
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

describe("a loader is shown what is stale", () => {
  const rules = {
    ttlMs: 100,
    refreshAhead: 0.5,
    staleWhileRevalidateMs: 100,
    staleIfErrorMs: 1_000,
    retryLoadAfterMs: 1,
  };

  // Elsewhere it is so after a soft timeout alone, and not where a stale value has answered already.
  test.each([
    ["that is refreshed ahead", 60, {}],
    ["that is refreshed behind", 150, {}],
    ["that may answer only if the load fails", 500, {}],
    ["that may answer no longer", 5_000, {}],
    ["that answers after a soft timeout", 500, { softTimeoutMs: 10 }],
  ])("for a value %s, in single loads and in batches", async (_kind, ageMs, more) => {
    const shown: (StaleValue | undefined)[] = [];
    const load = (_id: string, { stale }: LoaderContext): string => {
      shown.push(stale);
      return "new";
    };
    const single = fleet.process().namespace("single", { load, ...rules, ...more });
    const batch = fleet.process().namespace("batch", {
      loadMany: (keys, { stale }) => {
        shown.push(...stale);
        return keys.map(() => "new");
      },
      ...rules,
      ...more,
    });
    for (const texts of [single, batch]) await texts.set("a", "old");
    fleet.clock.advance(ageMs);
    await Promise.all([single.get("a"), batch.getMany(["a"])]);
    await fleet.settled();
    const old = { value: "old", ageMs, etag: undefined };
    expect(shown).toEqual([old, old]);
  });

  test("in the remote tier alone, and in the answer of a load that failed before", async () => {
    await fleet.process().namespace<string>("text", rules).set("a", "old");
    fleet.clock.advance(150);
    const load = vi.fn((_id: string, _context: LoaderContext) => Promise.reject<string>(away));
    const texts = fleet.process().namespace("text", { load, ...rules });
    for (let read = 0; read < 3; read++) {
      expect(await texts.get("a")).toBe("old");
      await fleet.settled();
      fleet.clock.advance(10);
    }
    const shown = load.mock.calls.map(([, { stale }]) => [stale?.value, stale?.ageMs]);
    expect(shown).toEqual([
      ["old", 150],
      ["old", 160],
      ["old", 170],
    ]);
  });
});

describe("a write", () => {
  // Elsewhere it waits for the message about it, and so for a connection that is down.
  test.each(["set", "delete", "invalidate"] as const)(
    "by %s waits for a tier that hangs one deadline and no longer",
    async (operation) => {
      const texts = fleet.process({ deadlineMs: 200 }).namespace<string>("text");
      await texts.set("a", "before");
      fleet.shared.hang();
      const writing = operation === "set" ? texts.set("a", "v") : texts[operation]("a");
      expect(texts.peek("a")).toBe(operation === "set" ? "v" : undefined);
      await fleet.settled();
      fleet.clock.advance(200);
      expect(await writing).toEqual({ status: "queued" });
      fleet.shared.release();
    },
  );

  // Elsewhere one that nobody waits for leaves its rejection to the process.
  test("that nobody waits for fails nobody", async () => {
    const texts = fleet.process({ deadlineMs: 200 }).namespace<string>("text");
    fleet.shared.fail(Object.assign(new Error("secret"), { code: "ECONNRESET" }));
    void texts.set("a", "v");
    void texts.setMany([["b", "v"]]);
    void texts.delete("c");
    void texts.invalidateMany(["d"]);
    await fleet.settled();
    fleet.shared.heal();
    // Until it is asked again.
    fleet.clock.advance(100);
    await fleet.settled();
    fleet.shared.hold();
    void texts.set("a", "w");
    await fleet.settled();
    fleet.clock.advance(200);
    await fleet.settled();
    expect(fleet.observer.of("tier-failed").map(({ code }) => code)).toContain("TIER_TIMEOUT");
    expect(texts.peek("a")).toBe("w");
    fleet.shared.release();
  });
});

describe("a list that is handed over", () => {
  // Elsewhere it is the library's own from then on, and grows with each call.
  test("is neither changed nor looked at again", async () => {
    const skipWriting = ["memory"];
    const entries: [string, string][] = [["a", "v"]];
    const keys = ["a", "b"];
    const texts = fleet.process().namespace("text", { loadMany: (ids) => ids.map(([id]) => `loaded ${id}`) });
    const setting = texts.setMany(entries, { skipWriting });
    const reading = texts.getMany(keys);
    const passing = texts.read("c", { skipWriting });
    expect([skipWriting, entries, keys]).toEqual([["memory"], [["a", "v"]], ["a", "b"]]);
    for (const list of [skipWriting, entries, keys]) list.length = 0;
    await Promise.all([setting, passing]);
    expect(await reading).toEqual(["v", "loaded b"]);
    await fleet.settled();
    expect(valuesIn(fleet.shared).writes).toEqual(["text:b"]);
    expect([texts.peek("a"), texts.peek("c")]).toEqual(["v", "loaded c"]);
  });

  test("in the declaration of tiers may change without changing the cache", async () => {
    const tiers: [ReturnType<typeof lru>, typeof fleet.shared] = [lru(), fleet.shared];
    const texts = createCache({ tiers, clock: fleet.clock }).namespace<string>("text");
    tiers.length = 0 as never;
    await texts.set("a", "v");
    expect(valuesIn(fleet.shared).writes).toEqual(["text:a"]);
  });
});

describe("the default that the documentation names is the one in force:", () => {
  const source = (file: string): string =>
    readFileSync(join(import.meta.dirname, "../../packages/core/src", file), "utf8");

  /** What stands behind `@defaultValue` in the comment of an option, up to the first word. */
  function documented(file: string, option: string): number {
    const comments = source(file).matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s*readonly (\w+)\?:/gs);
    const comment = [...comments].find(([, , name]) => name === option)?.[1] ?? "";
    const value = /@defaultValue ([\d_]+)/.exec(comment)?.[1];
    return Number(value?.replaceAll("_", ""));
  }

  // Elsewhere the page says 30 seconds, and a value lives for 30 minutes.
  test("ttlMs", async () => {
    const ttlMs = documented("entry/rules.ts", "ttlMs");
    const texts = createCache({ tiers: [lru()], clock: fleet.clock }).namespace<string>("text");
    await texts.set("a", "v");
    fleet.clock.advance(ttlMs - 1);
    expect(texts.peek("a")).toBe("v");
    fleet.clock.advance(1);
    expect(texts.peek("a")).toBeUndefined();
  });

  test("hardTimeoutMs", async () => {
    const hardTimeoutMs = documented("entry/rules.ts", "hardTimeoutMs");
    const texts = fleet.process().namespace("text", { load: () => new Promise<string>(() => {}) });
    const read = texts.get("a").catch((error: unknown) => error);
    await fleet.settled();
    fleet.clock.advance(hardTimeoutMs - 1);
    expect(fleet.clock.pending).toBe(1);
    fleet.clock.advance(1);
    expect(await read).toMatchObject({ code: "LOAD_TIMEOUT" });
  });

  test("deadlineMs", async () => {
    const deadlineMs = documented("stack.ts", "deadlineMs");
    fleet.shared.hang();
    const reading = fleet.process().namespace<string>("text").get("a");
    await fleet.settled();
    fleet.clock.advance(deadlineMs - 1);
    expect(fleet.clock.pending).toBe(1);
    fleet.clock.advance(1);
    expect(await reading).toBeUndefined();
    fleet.shared.release();
  });

  test("retryLoadAfterMs", async () => {
    const retryLoadAfterMs = documented("entry/rules.ts", "retryLoadAfterMs");
    const load = vi.fn(() => Promise.reject<string>(away));
    const texts = fleet.process().namespace("text", { load, ttlMs: 1, staleIfErrorMs: 1e6 });
    await texts.set("a", "v");
    fleet.clock.advance(1);
    await texts.get("a");
    fleet.clock.advance(retryLoadAfterMs - 1);
    await texts.get("a");
    expect(load).toHaveBeenCalledTimes(1);
    fleet.clock.advance(1);
    await texts.get("a");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test.each(["staleWhileRevalidateMs", "staleIfErrorMs", "ttlJitter"])("%s, none", async (option) => {
    expect(documented("entry/rules.ts", option)).toBe(0);
    const texts = fleet.process().namespace("text", { load: () => Promise.reject<string>(away), ttlMs: 100 });
    await texts.set("a", "v");
    fleet.clock.advance(99);
    expect(await texts.get("a")).toBe("v");
    fleet.clock.advance(1);
    await expect(texts.get("a")).rejects.toBe(away);
  });
});
