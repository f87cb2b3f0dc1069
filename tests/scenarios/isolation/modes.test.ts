import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { ada, deface, type Person, sourcesAndWays, ways } from "./people.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe("freeze", () => {
  test.each(sourcesAndWays)("a value that %s refuses every change where it is made, by %s", async (_s, _w, how) => {
    const people = await how.prepare(fleet, "freeze");
    const mine = await how.read(people);
    expect(() => mine?.roles.push("admin")).toThrow(TypeError);
    expect(() => Object.assign(mine ?? {}, { name: "Eve" })).toThrow(TypeError);
    expect(await how.read(people)).toEqual(ada());
  });

  test.each(ways.filter(([way]) => way !== "getOrLoad"))(
    "those who wait for one load by %s are given the same frozen value",
    async (_way, read) => {
      const people = fleet.process().namespace("person", { load: async () => ada() });
      const [mine, yours] = await Promise.all([read(people), read(people)]);
      expect(mine).toBe(yours);
      expect(Object.isFrozen(mine?.roles)).toBe(true);
    },
  );

  test.each(ways)("is so by %s too for a value that is not to be kept", async (way, read) => {
    const rules = { load: ada, ttlMs: () => 0 };
    const people = fleet.process().namespace("person", rules);
    const mine = await (way === "getOrLoad" ? people.getOrLoad("a", ada) : read(people));
    expect(() => mine?.roles.push("admin")).toThrow(TypeError);
    expect(people.peek("a")).toBeUndefined();
  });

  test("is so for a value whose key was written while it was loaded", async () => {
    const answer = Promise.withResolvers<Person>();
    const people = fleet.process().namespace("person", { load: () => answer.promise });
    const reads = [people.get("a"), people.get("a")];
    await people.delete("a");
    answer.resolve(ada());
    const [mine, yours] = await Promise.all(reads);
    expect(mine).toBe(yours);
    expect(() => mine?.roles.push("admin")).toThrow(TypeError);
  });

  test("freezes what was handed to set, so that its owner learns of it too", async () => {
    const people = fleet.process().namespace<Person>("person");
    const given = ada();
    await people.set("a", given);
    expect(() => deface(given)).toThrow(TypeError);
    expect(people.peek("a")).toEqual(ada());
  });

  test("is so in a cache without a local tier, and in one that is switched off", async () => {
    for (const options of [{ tiers: [fleet.shared] as const }, { enabled: false }]) {
      const people = fleet.process(options).namespace("person", { load: async () => ada() });
      const [mine] = await Promise.all([people.get("a"), people.get("a")]);
      expect(() => mine.roles.push("admin")).toThrow(TypeError);
    }
  });
});

describe("share", () => {
  test.each(sourcesAndWays)("a value that %s is one and the same for all, by %s", async (_source, _way, how) => {
    const people = await how.prepare(fleet, "share");
    const mine = await how.read(people);
    if (mine !== undefined) deface(mine);
    expect(await how.read(people)).toBe(mine);
    expect(mine?.name).toBe("Eve");
  });

  test("hands every hit the same promise, and so costs nothing", async () => {
    for (const isolate of ["share", "freeze"] as const) {
      const people = fleet.process({ isolate }).namespace<Person>("person");
      await people.set("a", ada());
      expect(people.get("a")).toBe(people.get("a"));
    }
  });
});

describe("the mode", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  test.each([
    ["production", false],
    ["Production", true],
    ["development", true],
    ["test", true],
    ["", true],
    [undefined, true],
  ])("of a process whose NODE_ENV is %o freezes: %o", async (environment, freezes) => {
    vi.stubEnv("NODE_ENV", environment);
    vi.resetModules();
    const core = await import("@tiercache/core");
    const people = core.createCache({ tiers: [lru()] }).namespace("person", { load: ada });
    expect(Object.isFrozen(await people.get("a"))).toBe(freezes);
  });

  test("of a namespace goes before the one of its cache", async () => {
    const cache = createCache({ tiers: [lru()], isolate: "clone" });
    const shared = cache.namespace<Person>("shared", { isolate: "share" });
    const frozen = cache.namespace<Person>("frozen", { isolate: "freeze" });
    const cloned = cache.namespace<Person>("cloned");
    for (const people of [shared, frozen, cloned]) await people.set("a", ada());
    expect(shared.peek("a")).toBe(shared.peek("a"));
    expect(Object.isFrozen(shared.peek("a"))).toBe(false);
    expect(Object.isFrozen(frozen.peek("a"))).toBe(true);
    expect(cloned.peek("a")).not.toBe(cloned.peek("a"));
  });

  test.each(["deep", "", true, null, 1])("%o is refused, on a cache and on a namespace", (isolate) => {
    const allowed = 'allowed is "freeze", "clone" or "share"';
    expect(() => createCache({ tiers: [lru()], isolate: isolate as never })).toThrow(allowed);
    expect(() => fleet.process().namespace("person", { isolate: isolate as never })).toThrow(allowed);
  });
});
