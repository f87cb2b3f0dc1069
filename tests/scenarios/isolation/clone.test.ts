import { createCache, type LoaderContext } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";
import { ada, deface, type Person, sourcesAndWays, ways } from "./people.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

/** A cache of one local tier whose values are cloned. */
const alone = () => createCache({ tiers: [lru()], isolate: "clone" });

describe("a caller's own copy", () => {
  test.each(sourcesAndWays)("of a value that %s is nobody else's, by %s", async (_source, _way, how) => {
    const people = await how.prepare(fleet, "clone");
    const [mine, yours] = [await how.read(people), await how.read(people)];
    if (mine !== undefined) deface(mine);
    expect(mine).toEqual({ name: "Eve", roles: ["reader", "admin"] });
    expect(yours).toEqual(ada());
    expect(await how.read(people)).toEqual(ada());
  });

  test.each(ways.filter(([way]) => way !== "getOrLoad"))(
    "is given by %s to each of those who wait for one load, and its own to the loader",
    async (_way, read) => {
      const loaded = ada();
      const people = fleet.process({ isolate: "clone" }).namespace("person", { load: async () => loaded });
      const all = await Promise.all([read(people), read(people)]);
      for (const one of all) if (one !== undefined) deface(one);
      deface(loaded);
      expect(new Set([...all, loaded]).size).toBe(3);
      expect(await read(people)).toEqual(ada());
      await fleet.settled();
      expect(await fleet.process().namespace<Person>("person").get("a")).toEqual(ada());
    },
  );

  test("is given once for each place of a key in a batch", async () => {
    const people = fleet.process({ isolate: "clone" }).namespace("person", { load: ada });
    const [first, second] = await people.getMany(["a", "a"]);
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
    const [third, fourth] = await people.getManySettled(["a", "a"]);
    expect(third).toEqual({ status: "fulfilled", value: ada() });
    expect(Object.is(Reflect.get(third ?? {}, "value"), Reflect.get(fourth ?? {}, "value"))).toBe(false);
  });

  test("is given by peek", async () => {
    const people = fleet.process({ isolate: "clone" }).namespace<Person>("person");
    await people.set("a", ada());
    const mine = people.peek("a");
    if (mine !== undefined) deface(mine);
    expect(people.peek("a")).toEqual(ada());
  });

  test("is given to a loader of what is stale", async () => {
    const load = vi.fn((_id: string, { stale }: LoaderContext): Promise<Person> => {
      deface(stale?.value as Person);
      return new Promise(() => {});
    });
    const rules = { load, isolate: "clone", ttlMs: 100, staleWhileRevalidateMs: 1_000 } as const;
    const people = fleet.process().namespace<Person>("person", rules);
    await people.set("a", ada());
    fleet.clock.advance(150);
    expect(await people.get("a")).toEqual(ada());
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(1);
    expect(await people.get("a")).toEqual(ada());
  });

  test("comes with the origin of the value, and a failure of a batch with its own error", async () => {
    const away = new Error("origin is away");
    const load = (id: string): Person => {
      if (id === "b") throw away;
      return ada();
    };
    const people = fleet.process({ isolate: "clone" }).namespace("person", { load });
    expect(await people.read("a")).toEqual({ value: ada(), source: "loader", ageMs: 0, stale: undefined });
    expect(await people.getManySettled(["a", "b"])).toEqual([
      { status: "fulfilled", value: ada() },
      { status: "rejected", reason: away },
    ]);
    await expect(people.get("b")).rejects.toBe(away);
  });
});

describe("what was handed to set", () => {
  test("may be changed at once, also before the write has ended", async () => {
    const people = fleet.process({ isolate: "clone" }).namespace<Person>("person");
    const given = ada();
    const setting = people.set("a", given);
    deface(given);
    await setting;
    expect(Object.isFrozen(given)).toBe(false);
    expect(await people.get("a")).toEqual(ada());
    expect(await fleet.process().namespace<Person>("person").get("a")).toEqual(ada());
  });

  test.each<[string, () => unknown]>([
    ["a function", () => () => 1],
    ["an object with a method", () => ({ run: () => 1 })],
    ["a symbol", () => Symbol("a")],
    ["a proxy", () => new Proxy({}, {})],
    ["a WeakMap", () => ({ seen: new WeakMap() })],
    [
      "what a getter throws for",
      () => ({
        get boom() {
          throw new Error("no");
        },
      }),
    ],
    [
      "a list nested 100,000 deep",
      () => {
        let value: unknown = [];
        for (let depth = 0; depth < 100_000; depth++) value = [value];
        return value;
      },
    ],
  ])("and cannot be copied is refused: %s", async (_kind, make) => {
    const odd = alone().namespace<unknown>("odd");
    await odd.set("a", "before");
    await expect(odd.set("a", make())).rejects.toMatchObject({
      code: "INVALID_VALUE",
      message: 'A value for namespace "odd" cannot be cloned, as isolate asks for.',
    });
    await expect(
      odd.setMany([
        ["a", "after"],
        ["b", make()],
      ]),
    ).rejects.toMatchObject({ code: "INVALID_VALUE" });
    expect([odd.peek("a"), odd.peek("b")]).toEqual(["before", undefined]);
  });
});

test("a loaded value that cannot be copied is handed out, but not kept", async () => {
  const tool = { run: () => 1 };
  const load = vi.fn(async () => tool);
  const tools = fleet.process({ isolate: "clone" }).namespace("tool", { load });
  expect(await Promise.all([tools.get("a"), tools.get("a")])).toEqual([tool, tool]);
  expect(await tools.get("a")).toBe(tool);
  expect(await tools.getMany(["a"])).toEqual([tool]);
  expect(load).toHaveBeenCalledTimes(3);
  expect(tools.peek("a")).toBeUndefined();
  expect(valuesIn(fleet.shared).count("write")).toBe(0);
  expect(fleet.observer.count("not-kept")).toBe(3);
});

test.each([undefined, null, 0, "", false, Number.NaN, 7n])("%o is handed out as it is", async (value) => {
  const odd = alone().namespace("odd", { load: () => value });
  expect(await odd.get("a")).toBe(value);
  expect(await odd.get("a")).toBe(value);
  expect(odd.peek("a")).toBe(value);
  expect(await odd.getMany(["a", "a"])).toEqual([value, value]);
});
