import type { LoaderContext } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const never = new Promise<never>(() => {});

/** How a read ends that is still under way. */
const outcomeOf = (read: Promise<unknown>): Promise<unknown> => read.catch((error: unknown) => error);

describe("a loader that fails fails its readers with just that, and nothing is kept:", () => {
  const failure = new Error("origin is away");
  const throwingThenable = {
    // oxlint-disable-next-line unicorn/no-thenable -- that is what is tried
    then() {
      throw failure;
    },
  };
  test.each<[number, string, { readonly load: () => unknown; readonly reason: unknown }]>([
    [
      83,
      "throws at once",
      {
        load: () => {
          throw failure;
        },
        reason: failure,
      },
    ],
    [84, "rejects with undefined", { load: () => Promise.reject(), reason: undefined }],
    [85, "rejects with a text", { load: () => Promise.reject("text"), reason: "text" }],
    [85, "rejects with null", { load: () => Promise.reject(null), reason: null }],
    [85, "rejects with an object", { load: () => Promise.reject(Object.freeze({ code: 5 })), reason: { code: 5 } }],
    [90, "returns a thenable that throws", { load: () => throwingThenable, reason: failure }],
  ])("case %i: one that %s", async (_case, _kind, { load, reason }) => {
    const users = fleet.process().namespace<unknown>("user", { load });
    const outcomes = await Promise.allSettled([users.get("1"), users.get("1"), users.getMany(["1"])]);
    expect(outcomes).toEqual(Array.from({ length: 3 }, () => ({ status: "rejected", reason })));
    await fleet.settled();
    expect(fleet.observer.count("load-failed")).toBe(1);
    expect(users.peek("1")).toBeUndefined();
    expect(valuesIn(fleet.shared).count("write")).toBe(0);
    expect(await users.getOrLoad("1", () => "well again")).toBe("well again");
  });
});

describe("what a loader returns", () => {
  test.each([
    [86, undefined],
    [87, null],
  ])("case %i: %s is an answer and is asked for once by all processes", async (_case, value) => {
    const load = vi.fn(() => value);
    const users = fleet.process().namespace("user", { load });
    expect(await users.get("1")).toBe(value);
    expect(await users.get("1")).toBe(value);
    await fleet.settled();
    expect(await fleet.process().namespace("user", { load }).get("1")).toBe(value);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("case 90: of a thenable that answers twice and then throws, the first answer counts", async () => {
    const thenable = {
      // oxlint-disable-next-line unicorn/no-thenable -- that is what is tried
      then(resolve: (value: string) => void, reject: (error: Error) => void) {
        resolve("first");
        resolve("second");
        reject(new Error("third"));
        throw new Error("fourth");
      },
    };
    const users = fleet.process().namespace<string>("user", { load: () => thenable as PromiseLike<string> });
    expect(await users.get("1")).toBe("first");
    expect(users.peek("1")).toBe("first");
  });

  test("case 94: is changed by the loader later, which no other process sees", async () => {
    const list = [1];
    await fleet
      .process({ isolate: "share" })
      .namespace("list", { load: () => list })
      .get("a");
    list.push(2);
    await fleet.settled();
    expect(await fleet.process().namespace<number[]>("list").get("a")).toEqual([1]);
  });
});

describe("a loader that does not end in time", () => {
  test.each<[number, string, (context: LoaderContext) => Promise<never>]>([
    [88, "never ends", () => never],
    [95, "hears its signal and goes on", ({ signal }) => new Promise(() => signal.addEventListener("abort", () => {}))],
    [
      96,
      "throws once its signal fires",
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("stopped")));
        }),
    ],
  ])(
    "case %i: one that %s gives its readers a LOAD_TIMEOUT, and the next reader a new load",
    async (_case, _kind, load) => {
      const users = fleet
        .process()
        .namespace<string>("user", { load: (_id, context) => load(context), hardTimeoutMs: 50 });
      const reads = Promise.all([outcomeOf(users.get("1")), outcomeOf(users.get("1"))]);
      await fleet.settled();
      fleet.clock.advance(50);
      const timedOut = { code: "LOAD_TIMEOUT", message: 'A load of namespace "user" took over 50 ms.' };
      expect(await reads).toEqual([expect.objectContaining(timedOut), expect.objectContaining(timedOut)]);
      expect(await users.getOrLoad("1", () => "in time")).toBe("in time");
    },
  );

  test("case 89: one that ends after its time still fills the tiers", async () => {
    const answer = Promise.withResolvers<string>();
    const users = fleet.process().namespace("user", { load: () => answer.promise, hardTimeoutMs: 50 });
    const read = outcomeOf(users.get("1"));
    await fleet.settled();
    fleet.clock.advance(50);
    expect(await read).toMatchObject({ code: "LOAD_TIMEOUT" });
    answer.resolve("late");
    await fleet.settled();
    expect(await users.get("1")).toBe("late");
    expect(await fleet.process().namespace<string>("user").get("1")).toBe("late");
  });

  test("case 97: one that holds up the whole process beyond its time hands out what it then returns", async () => {
    const load = (): string => {
      fleet.clock.advance(3_000);
      return "at last";
    };
    const users = fleet.process().namespace("user", { load, hardTimeoutMs: 50 });
    expect(await users.get("1")).toBe("at last");
    expect(users.peek("1")).toBe("at last");
    expect(fleet.observer.of("loaded")[0]?.durationMs).toBe(3_000);
  });
});

describe("a loader that uses the cache it loads for", () => {
  test("case 91: and asks for its own key is refused, and the key is free again", async () => {
    const users = fleet.process().namespace<string>("user", { load: (id): Promise<string> => users.get(id) });
    expect(await outcomeOf(users.get("1"))).toMatchObject({ code: "LOADS_ITSELF" });
    expect(await users.getOrLoad("1", () => "free again")).toBe("free again");
  });

  test("case 92: and asks for a key that asks for its own is refused, whichever was asked for first", async () => {
    const cache = fleet.process();
    const users = cache.namespace<string>("user", { load: (id): Promise<string> => teams.get(id) });
    const teams = cache.namespace<string>("team", { load: (id): Promise<string> => users.get(id) });
    const refused = expect.objectContaining({ code: "LOADS_ITSELF" });
    expect(await outcomeOf(users.get("1"))).toEqual(refused);
    expect(await Promise.all([outcomeOf(users.get("2")), outcomeOf(teams.get("2"))])).toEqual([refused, refused]);
    expect(await users.getOrLoad("1", () => "free again")).toBe("free again");
  });

  test("case 92: and asks for other keys of the same namespace is given them", async () => {
    const sums = fleet.process().namespace("sum", {
      key: (to: number) => [to],
      load: async (to): Promise<number> => (to === 0 ? 0 : to + (await sums.get(to - 1))),
    });
    expect(await sums.get(50)).toBe(1_275);
    expect(sums.peek(10)).toBe(55);
  });

  test.each(["invalidate", "delete"] as const)("case 93: and does %s its own key is not kept", async (operation) => {
    const load = vi.fn(async (id: string): Promise<string> => {
      expect(await users[operation](id)).toEqual({ status: "done" });
      return "outdated";
    });
    const users = fleet.process().namespace<string>("user", { load });
    expect(await users.get("1")).toBe("outdated");
    await fleet.settled();
    expect(users.peek("1")).toBeUndefined();
    expect(await fleet.process().namespace<string>("user").get("1")).toBeUndefined();
    await users.get("1");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("case 93: and sets its own key leaves what it has set", async () => {
    const users = fleet.process().namespace<string>("user", {
      load: async (id): Promise<string> => {
        await users.set(id, "set");
        return "loaded";
      },
    });
    expect(await users.get("1")).toBe("loaded");
    expect(await users.get("1")).toBe("set");
  });
});

test("case 98: ten thousand keys at once are each loaded once and answered with their own value", async () => {
  const load = vi.fn(async (id: number) => ({ id }));
  const users = fleet.process().namespace("user", { key: (id: number) => [id], load });
  const ids = Array.from({ length: 10_000 }, (_, id) => id);
  const found = await Promise.all([...ids, ...ids].map((id) => users.get(id)));
  expect(load).toHaveBeenCalledTimes(10_000);
  expect(found.every((user, index) => user.id === index % 10_000)).toBe(true);
});
