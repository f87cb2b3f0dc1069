import type { LoaderContext, Namespace, ReadOptions } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const past = { skipReading: ["lru"] };

/** A namespace whose loads end when told, and are counted from 0. */
function slow(rules: object = {}) {
  const loads: PromiseWithResolvers<string>[] = [];
  const signals: AbortSignal[] = [];
  const load = vi.fn((_id: string, { signal }: LoaderContext) => {
    signals.push(signal);
    const next = Promise.withResolvers<string>();
    loads.push(next);
    return next.promise;
  });
  const cache = fleet.process();
  const texts = cache.namespace("text", { load, ...rules });
  return { cache, texts, load, signals, end: (at: number, value: string) => loads[at]?.resolve(value), loads };
}

describe("a read that passes tiers by", () => {
  test("joins no load that is running, and none joins it", async () => {
    const { texts, load, end } = slow();
    const reads = [texts.get("a"), texts.read("a", past), texts.get("a"), texts.getMany(["a"])];
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(2);
    end(1, "of the reader's own");
    expect(await reads[1]).toMatchObject({ value: "of the reader's own" });
    end(0, "shared");
    expect(await Promise.all([reads[0], reads[2], reads[3]])).toEqual(["shared", "shared", ["shared"]]);
    expect(fleet.observer.count("joined")).toBe(2);
  });

  test("is joined by no other of its kind", async () => {
    const { texts, load, end } = slow();
    const reads = [texts.read("a", past), texts.read("a", past)];
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(2);
    end(0, "first");
    end(1, "second");
    expect((await Promise.all(reads)).map(({ value }) => value)).toEqual(["first", "second"]);
  });

  test.each<[string, ReadOptions]>([
    ["empty lists", { skipReading: [], skipWriting: [] }],
    ["no lists", { skipReading: undefined, skipWriting: undefined } as never],
  ])("is one like others with %s", async (_kind, options) => {
    const { texts, load, end } = slow();
    const reads = [texts.get("a"), texts.read("a", options), texts.read("a", { ...options, from: "any" })];
    await fleet.settled();
    end(0, "shared");
    expect(await reads[1]).toMatchObject({ value: "shared" });
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("without a load joins no lookup and is joined by none", async () => {
    await fleet.process().namespace<string>("text").set("a", "v");
    const texts = fleet.process().namespace<string>("text");
    const apart = async (): Promise<string | undefined> => (await texts.read("a", past)).value;
    const answers = await Promise.all([texts.get("a"), apart(), texts.get("a"), apart()]);
    expect(answers).toEqual(["v", "v", "v", "v"]);
    expect(fleet.observer.count("joined")).toBe(1);
    expect(valuesIn(fleet.shared).reads).toEqual([["text:a", "text:a", "text:a"]]);
  });

  test("may be left, and its loader hears of it, not the one that others wait for", async () => {
    const { texts, signals, end } = slow();
    const leaving = new AbortController();
    const shared = texts.get("a");
    const read = texts.read("a", { ...past, signal: leaving.signal });
    await fleet.settled();
    leaving.abort(new Error("gone"));
    await expect(read).rejects.toThrow("gone");
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
    end(1, "nobody waits for it");
    end(0, "shared");
    expect(await shared).toBe("shared");
  });

  test("that is refused to begin with asks nobody", async () => {
    const { texts, load } = slow();
    await expect(texts.read("a", { ...past, signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
    expect(load).not.toHaveBeenCalled();
    expect(fleet.shared.count()).toBe(0);
  });
});

describe("a write during a read that passes tiers by", () => {
  type Write = (texts: Namespace<[id: string], string>) => Promise<unknown>;
  const writes: readonly (readonly [string, Write, string | undefined])[] = [
    ["invalidate", (texts) => texts.invalidate("a"), undefined],
    ["delete", (texts) => texts.delete("a"), undefined],
    ["set", (texts) => texts.set("a", "set"), "set"],
    ["invalidateMany", (texts) => texts.invalidateMany(["b", "a"]), undefined],
  ];
  const froms = [past, { ...past, from: "load" }, { skipWriting: ["memory"], from: "load" }] as const;

  test.each(writes.flatMap(([name, write, left]) => froms.map((options) => [name, options, { write, left }] as const)))(
    "by %s goes before what that brings, with %o",
    async (_name, options, { write, left }) => {
      const { texts, end } = slow();
      const read = texts.read("a", options);
      await fleet.settled();
      await write(texts);
      end(0, "older than the write");
      expect(await read).toMatchObject({ value: "older than the write", source: "loader" });
      await fleet.settled();
      expect(texts.peek("a")).toBe(left);
      expect(await fleet.process().namespace<string>("text").get("a")).toBe(left);
      expect(fleet.observer.count("superseded")).toBe(1);
    },
  );

  test("goes before what that finds in a tier", async () => {
    await fleet.process().namespace<string>("text").set("a", "old");
    const texts = fleet.process().namespace<string>("text");
    fleet.shared.hold("read");
    const read = texts.read("a", { skipWriting: [], skipReading: ["lru"], from: "cached" });
    const plain = texts.read("a", { skipWriting: ["memory"], from: "cached" });
    await fleet.shared.whenHeld(1);
    fleet.shared.release("read");
    await texts.set("a", "set");
    expect(await read).toMatchObject({ value: "old", source: "memory" });
    expect(await plain).toMatchObject({ value: "old", source: "memory" });
    expect(texts.peek("a")).toBe("set");
  });

  test("does not reach those of other keys", async () => {
    const { texts, end } = slow();
    const read = texts.read("a", past);
    await fleet.settled();
    await texts.invalidate("b");
    end(0, "loaded");
    await read;
    expect(texts.peek("a")).toBe("loaded");
  });
});

describe("a load that passes tiers by", () => {
  test("and ends after the hard timeout fills the others alone", async () => {
    const { texts, end } = slow({ hardTimeoutMs: 50 });
    const read = texts.read("a", { skipWriting: ["memory"] }).catch((error: unknown) => error);
    await fleet.settled();
    fleet.clock.advance(50);
    expect(await read).toMatchObject({ code: "LOAD_TIMEOUT" });
    end(0, "late");
    await fleet.settled();
    expect(texts.peek("a")).toBe("late");
    expect(valuesIn(fleet.shared).count("write")).toBe(0);
  });

  test("does not replace what a later load has brought", async () => {
    const { texts, end } = slow();
    const first = texts.read("a", past);
    await fleet.settled();
    const second = texts.read("a", { from: "load" });
    await fleet.settled();
    end(1, "later");
    await second;
    end(0, "earlier");
    expect(await first).toMatchObject({ value: "earlier" });
    await fleet.settled();
    expect(texts.peek("a")).toBe("later");
    expect(await fleet.process().namespace<string>("text").get("a")).toBe("later");
  });

  test("is waited for by drain, and told of close", async () => {
    const { cache, texts, signals, end } = slow();
    const read = texts.read("a", past);
    await fleet.settled();
    let drained = false;
    const draining = cache.drain().then(() => {
      drained = true;
    });
    await fleet.settled();
    expect(drained).toBe(false);
    end(0, "v");
    await draining;
    expect(await read).toMatchObject({ value: "v" });
    const second = texts.read("b", past);
    await fleet.settled();
    await cache.close();
    expect(signals[1]?.aborted).toBe(true);
    end(1, "after the end");
    expect(await second).toMatchObject({ value: "after the end" });
    expect(texts.peek("b")).toBeUndefined();
    await expect(texts.read("c", past)).rejects.toMatchObject({ code: "CLOSED" });
    await cache.drain();
  });
});

describe("a loader that asks for what it loads, and joins nothing by the way it asks,", () => {
  test.each<ReadOptions>([past, { from: "load" }, { skipWriting: ["memory"], from: "load" }])(
    "is refused instead of calling itself without end: %o",
    async (options) => {
      const load = vi.fn(async (id: string): Promise<string> => (await texts.read(id, options)).value ?? "none");
      const texts = fleet.process().namespace<string>("text", { load });
      await expect(texts.get("a")).rejects.toMatchObject({ code: "LOADS_ITSELF" });
      await expect(texts.read("a", options)).rejects.toMatchObject({ code: "LOADS_ITSELF" });
      expect(load).toHaveBeenCalledTimes(2);
      expect(await texts.getOrLoad("a", () => "free again")).toBe("free again");
    },
  );

  test("is so by way of another key too", async () => {
    const cache = fleet.process();
    const users = cache.namespace<string>("user", { load: (id): Promise<string> => teams.get(id) });
    const teams = cache.namespace<string>("team", {
      load: async (id): Promise<string> => (await users.read(id, past)).value,
    });
    for (const read of [users.get("1"), teams.get("1"), users.read("2", past)]) {
      await expect(read).rejects.toMatchObject({ code: "LOADS_ITSELF" });
    }
  });

  test("may ask so for other keys", async () => {
    const load = async (id: string): Promise<string> =>
      id === "" ? "" : `${(await texts.read(id.slice(1), past)).value}!`;
    const texts = fleet.process().namespace<string>("text", { load });
    expect(await texts.get("abc")).toBe("!!!");
    expect(await texts.read("abc", { from: "load" })).toMatchObject({ value: "!!!" });
  });
});
