import type { LoadingNamespace } from "@tiercache/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LoneProcess } from "./lone-process.ts";

let lone: LoneProcess;

beforeEach(() => {
  lone = new LoneProcess();
});

const refused = { code: "LOADS_ITSELF", message: expect.stringContaining("waits for the very key it is loading") };

describe("a loader that waits for itself is refused instead of hanging:", () => {
  test("by its own key", async () => {
    const texts: LoadingNamespace<[id: string], string> = lone.cache.namespace("text", { load: (id) => texts.get(id) });
    await expect(texts.get("a")).rejects.toMatchObject(refused);
  });

  test("by its own key among others of a batch", async () => {
    const texts: LoadingNamespace<[id: string], string> = lone.cache.namespace("text", {
      load: async (id) => (await texts.getMany(["b", id])).join(""),
    });
    await expect(texts.get("a")).rejects.toMatchObject(refused);
  });

  test("by way of another key and another namespace", async () => {
    const others: LoadingNamespace<[id: string], string> = lone.cache.namespace("other", {
      load: (id) => texts.get(id),
    });
    const texts: LoadingNamespace<[id: string], string> = lone.cache.namespace("text", {
      load: async (id) => {
        await Promise.resolve();
        return others.get(id);
      },
    });
    await expect(texts.get("a")).rejects.toMatchObject(refused);
    await expect(others.get("b")).rejects.toMatchObject(refused);
  });

  test("as a batch loader", async () => {
    const texts: LoadingNamespace<[id: string], string> = lone.cache.namespace("text", {
      loadMany: (keys) => Promise.all(keys.map(([id]) => texts.get(id))),
    });
    await expect(texts.getMany(["a", "b"])).rejects.toMatchObject(refused);
  });
});

describe("a loader may", () => {
  test("read other keys, also of its own namespace", async () => {
    const factorials: LoadingNamespace<[n: number], number> = lone.cache.namespace("factorial", {
      key: (n: number) => [n],
      load: async (n) => (n <= 1 ? 1 : n * (await factorials.get(n - 1))),
    });
    expect(await factorials.get(10)).toBe(3_628_800);
    expect(factorials.peek(7)).toBe(5_040);
  });

  test("be joined by readers it has nothing to do with", async () => {
    const texts = lone.cache.namespace("text", { load: async (id) => id });
    const others = lone.cache.namespace("other", { load: (id) => texts.get(id) });
    expect(await Promise.all([texts.get("a"), others.get("a"), others.get("a")])).toEqual(["a", "a", "a"]);
  });

  test("be read for by a refresh that nobody waits for", async () => {
    const seen: string[] = [];
    const rules = { ttlMs: 100, staleWhileRevalidateMs: 1_000 };
    const parts: LoadingNamespace<[id: string], string> = lone.cache.namespace("part", {
      load: async (id) => {
        seen.push(
          await wholes.read(id, { from: "any" }).then(
            ({ value }) => value,
            () => "refused",
          ),
        );
        return `part ${id}`;
      },
      ...rules,
    });
    const wholes: LoadingNamespace<[id: string], string> = lone.cache.namespace("whole", {
      load: (id) => parts.get(id),
    });
    await parts.set("a", "old part");
    lone.clock.advance(150);
    expect(await wholes.get("a")).toBe("old part");
    await lone.cache.drain();
    expect(seen).toEqual(["old part"]);
  });
});
