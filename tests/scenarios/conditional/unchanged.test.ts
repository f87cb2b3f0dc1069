import { createCache, type LoaderContext } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";
import { Origin } from "./origin.ts";

let fleet: Fleet;
let origin: Origin;

beforeEach(() => {
  fleet = new Fleet();
  origin = new Origin();
});

const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };

describe("a loader that finds the stale value unchanged", () => {
  test("gives it a new life from now on, and its readers the value", async () => {
    const cache = createCache({ tiers: [lru()], clock: fleet.clock, observer: fleet.observer });
    const pages = cache.namespace("page", { load: origin.load, ...rules });
    await pages.get("a");
    fleet.clock.advance(150);
    expect(await Promise.all([pages.get("a"), pages.get("a")])).toEqual(["a v1", "a v1"]);
    fleet.clock.advance(99);
    expect(pages.peek("a")).toBe("a v1");
    fleet.clock.advance(1);
    expect(pages.peek("a")).toBeUndefined();
    expect(origin.asked).toHaveLength(2);
    expect(fleet.observer.count("unchanged")).toBe(1);
    expect(fleet.observer.count("loaded")).toBe(2);
  });

  test("makes it as young as a loaded one, for readers and for the next load", async () => {
    const pages = fleet.process().namespace("page", { load: origin.load, ...rules });
    await pages.get("a");
    fleet.clock.advance(150);
    expect(await pages.read("a")).toEqual({ value: "a v1", source: "loader", ageMs: 0, stale: undefined });
    fleet.clock.advance(130);
    await pages.get("a");
    expect(origin.asked[2]).toEqual({ value: "a v1", etag: '"1"', ageMs: 130 });
  });

  test("may name it anew, and need not", async () => {
    const names = ["one", "two"];
    const load = vi.fn((_id: string, { stale, setEtag, unchanged }: LoaderContext): string => {
      const name = names.shift();
      if (name !== undefined) setEtag(name);
      return stale === undefined ? "value" : unchanged();
    });
    for (let process = 0; process < 4; process++) {
      await fleet
        .process()
        .namespace("page", { load, ...rules })
        .get("a");
      await fleet.settled();
      fleet.clock.advance(100);
    }
    expect(load.mock.calls.map(([, { stale }]) => stale?.etag)).toEqual([undefined, "one", "two", "two"]);
  });

  test("may say how long it holds, or that it is not to be kept any longer", async () => {
    const lives = [0, 30, 0];
    const load = vi.fn((_id: string, { stale, keepFor, unchanged }: LoaderContext): string => {
      if (stale === undefined) return "value";
      keepFor(lives[load.mock.calls.length - 1] ?? 0);
      return unchanged();
    });
    const pages = fleet.process().namespace("page", { load, ...rules });
    await pages.get("a");
    await fleet.settled();
    fleet.clock.advance(100);
    expect(await pages.get("a")).toBe("value");
    await fleet.settled();
    fleet.clock.advance(29);
    expect(await fleet.process().namespace<string>("page").get("a")).toBe("value");
    fleet.clock.advance(1);
    expect(await pages.get("a")).toBe("value");
    await fleet.settled();
    expect(fleet.observer.count("not-kept")).toBe(1);
    expect((await pages.explain("a")).tiers.map(({ holds }) => holds)).toEqual(["nothing", "nothing"]);
  });

  test("may find unchanged that there is nothing, which then lives by its own rule", async () => {
    const load = vi.fn((_id: string, { stale, unchanged }: LoaderContext): string | undefined =>
      stale === undefined ? undefined : unchanged(),
    );
    const maybe = fleet.process().namespace("maybe", { load, ...rules, negativeTtlMs: 20 });
    await maybe.get("a");
    fleet.clock.advance(20);
    expect(await maybe.get("a")).toBeUndefined();
    expect(load.mock.calls[1]?.[1].stale).toEqual({ value: undefined, etag: undefined, ageMs: 20 });
    fleet.clock.advance(19);
    await maybe.get("a");
    expect(load).toHaveBeenCalledTimes(2);
    fleet.clock.advance(1);
    await maybe.get("a");
    expect(load).toHaveBeenCalledTimes(3);
  });

  test("too late for those who wait still prolongs the life", async () => {
    const gate = Promise.withResolvers<void>();
    const load = vi.fn(async (_id: string, { stale, unchanged }: LoaderContext): Promise<string> => {
      if (stale === undefined) return "value";
      await gate.promise;
      return unchanged();
    });
    const pages = fleet.process().namespace("page", { load, ttlMs: 100, staleIfErrorMs: 10_000, hardTimeoutMs: 50 });
    await pages.get("a");
    await fleet.settled();
    fleet.clock.advance(100);
    const reading = pages.read("a");
    await fleet.settled();
    fleet.clock.advance(50);
    expect(await reading).toMatchObject({ value: "value", stale: "load-failed" });
    gate.resolve();
    await fleet.settled();
    expect(pages.peek("a")).toBe("value");
    expect(await fleet.process().namespace<string>("page").get("a")).toBe("value");
  });
});

describe("unchanged is refused", () => {
  const refusal = (message: string) => expect.objectContaining({ code: "INVALID_VALUE", message });
  const nothingStale = refusal(
    'A loader of namespace "page" says that nothing has changed, but was given nothing stale.',
  );
  const notReturned = refusal(
    'A loader of namespace "page" called unchanged() or failed() and did not return what it got.',
  );
  const always = (_id: string, { unchanged }: LoaderContext): string => unchanged();

  test("where nothing is stale; all who wait hear of it, and nothing is kept", async () => {
    const load = vi.fn(always);
    const pages = fleet.process().namespace("page", { load, ...rules });
    const outcomes = await Promise.allSettled([pages.get("a"), pages.get("a"), pages.getMany(["a"])]);
    expect(outcomes).toEqual(Array.from({ length: 3 }, () => ({ status: "rejected", reason: nothingStale })));
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(1);
    expect(fleet.observer.of("load-failed")).toMatchObject([{ keys: 1 }]);
    expect(fleet.observer.count("loaded")).toBe(0);
    expect(pages.peek("a")).toBeUndefined();
    expect(valuesIn(fleet.shared).writes).toEqual([]);
  });

  test("to a load that was asked to begin anew, and what is cached stays", async () => {
    const pages = fleet.process().namespace<string>("page", rules);
    await pages.set("a", "cached");
    const reloaded = fleet.process().namespace("page", { load: always, ...rules });
    await expect(reloaded.read("a", { from: "load" })).rejects.toEqual(nothingStale);
    await fleet.settled();
    expect(await reloaded.get("a")).toBe("cached");
  });

  test("after a removal that came before the load, and an invalidation of what keeps nothing for need", async () => {
    const pages = fleet.process().namespace("page", { load: always, ...rules });
    const bare = fleet.process().namespace("other", { load: always, ttlMs: 100, staleIfErrorMs: 0 });
    await Promise.all([pages.set("a", "cached"), bare.set("a", "cached")]);
    fleet.clock.advance(50);
    await Promise.all([pages.delete("a"), bare.invalidate("a")]);
    await expect(pages.get("a")).rejects.toEqual(nothingStale);
    await expect(bare.get("a")).rejects.toMatchObject({ code: "INVALID_VALUE" });
  });

  test("where it was called and something else was returned", async () => {
    const load = (_id: string, { stale, unchanged }: LoaderContext): string => {
      // As one may write who takes a function of type never for one that throws.
      if (stale !== undefined) void unchanged();
      return "an empty body";
    };
    const pages = fleet.process().namespace("page", { load, ttlMs: 100 });
    await pages.get("a");
    fleet.clock.advance(100);
    await expect(pages.get("a")).rejects.toEqual(notReturned);
    expect(pages.peek("a")).toBeUndefined();
  });
});

describe("an invalidation while a loader asks whether something has changed", () => {
  test("is not undone: who waits is given the value, who comes later starts anew", async () => {
    const gate = Promise.withResolvers<void>();
    const load = vi.fn(async (id: string, context: LoaderContext): Promise<string> => {
      if (context.stale !== undefined) await gate.promise;
      return origin.load(id, context);
    });
    const pages = fleet.process().namespace("page", { load, ...rules });
    await pages.get("a");
    await fleet.settled();
    fleet.clock.advance(100);
    const reading = pages.get("a");
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
    await pages.invalidate("a");
    fleet.shared.clearCalls();
    gate.resolve();
    expect(await reading).toBe("a v1");
    await fleet.settled();
    expect(fleet.observer.count("superseded")).toBe(1);
    expect(fleet.observer.count("unchanged")).toBe(0);
    expect([valuesIn(fleet.shared).writes, valuesIn(fleet.shared).renewals]).toEqual([[], []]);
    // He is asked whether it still holds, as what was invalidated is kept for need.
    await pages.get("a");
    expect(origin.asked.map((stale) => stale?.etag)).toEqual([undefined, '"1"', '"1"']);
  });
});
