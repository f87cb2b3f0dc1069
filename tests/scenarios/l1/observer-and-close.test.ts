import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { LoneProcess } from "./lone-process.ts";

let lone: LoneProcess;

beforeEach(() => {
  lone = new LoneProcess();
});

describe("the observer", () => {
  test("hears misses, loads and hits by namespace and tier, and no key", async () => {
    const users = lone.cache.namespace("user", { load: (id) => id });
    await users.get("secret-id");
    await users.get("secret-id");
    expect(lone.observer.events).toEqual([
      { type: "miss", namespace: "user" },
      { type: "loaded", namespace: "user", keys: 1, durationMs: 0 },
      { type: "hit", namespace: "user", tier: "lru" },
    ]);
    expect(JSON.stringify(lone.observer.events)).not.toContain("secret-id");
  });

  test("that throws is warned about once and breaks nothing", async () => {
    const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const broken = createCache({
      tiers: [lru()],
      observer: {
        on: () => {
          throw new Error("broken");
        },
      },
    });
    const users = broken.namespace("user", { load: (id) => id });
    expect(await users.get("1")).toBe("1");
    expect(await users.get("1")).toBe("1");
    expect(warnings).toHaveBeenCalledTimes(1);
    warnings.mockRestore();
  });
});

describe("a closed cache", () => {
  test("fires the signals of running loaders", async () => {
    const begun = Promise.withResolvers<void>();
    const users = lone.cache.namespace("user", {
      load: (_id, { signal }) =>
        new Promise<string>((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("told to stop")));
          begun.resolve();
        }),
    });
    const reading = users.get("1");
    await begun.promise;
    await lone.cache.close();
    await expect(reading).rejects.toThrow("told to stop");
  });

  test("begins no loader, not even for a read that was already under way", async () => {
    const load = vi.fn((id: string) => id);
    const reading = lone.cache.namespace("user", { load }).get("1");
    await lone.cache.close();
    await expect(reading).rejects.toMatchObject({ code: "CLOSED" });
    expect(load).not.toHaveBeenCalled();
  });

  test("refuses reads that would load, writes and declarations, and answers what it still holds", async () => {
    const users = lone.cache.namespace("user", { load: (id) => id });
    await users.get("1");
    await lone.cache.close();
    await lone.cache.close();
    expect(await users.get("1")).toBe("1");
    await expect(users.get("2")).rejects.toMatchObject({ code: "CLOSED" });
    await expect(users.getMany(["1", "2"])).rejects.toMatchObject({ code: "CLOSED" });
    await expect(users.set("2", "v")).rejects.toMatchObject({ code: "CLOSED" });
    await expect(users.delete("2")).rejects.toMatchObject({ code: "CLOSED" });
    await expect(users.invalidate("2")).rejects.toMatchObject({ code: "CLOSED" });
    expect(() => lone.cache.namespace("late")).toThrow(expect.objectContaining({ code: "CLOSED" }));
  });
});
