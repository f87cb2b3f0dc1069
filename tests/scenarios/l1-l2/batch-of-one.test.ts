import type { BatchLoaderContext } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { valuesIn } from "../values-in.ts";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

type Keys = readonly (readonly [id: string])[];

describe("a batch loader that is asked for one key", () => {
  const rules = { ttlMs: 100, staleIfErrorMs: 1_000, retryLoadAfterMs: 0 };

  test("fails its reader with the key's own error, or serves what is stale", async () => {
    const noSuchRow = new Error("no such row");
    const faults: Error[] = [noSuchRow];
    const loadMany = (keys: Keys, { failed }: BatchLoaderContext): string[] =>
      keys.map(([id]) => (faults[0] === undefined ? id : failed(faults[0])));
    const texts = fleet.process().namespace("text", { loadMany, ...rules });
    await expect(texts.get("a")).rejects.toBe(noSuchRow);
    expect(fleet.observer.of("load-failed").map(({ keys }) => keys)).toEqual([1]);
    faults.pop();
    await texts.get("a");
    fleet.clock.advance(100);
    faults.push(noSuchRow);
    expect(await texts.read("a")).toMatchObject({ value: "a", stale: "load-failed" });
  });

  test("sees what is stale, names versions, finds them unchanged, and says how long they hold", async () => {
    const loadMany = vi.fn((keys: Keys, { stale, setEtag, keepFor, unchanged }: BatchLoaderContext): string[] => {
      setEtag(0, "one");
      if (stale[0] === undefined) return keys.map(([id]) => id);
      keepFor(500);
      return [unchanged()];
    });
    const texts = fleet.process().namespace("text", { loadMany, ...rules });
    await texts.get("a");
    await fleet.settled();
    fleet.clock.advance(100);
    fleet.shared.clearCalls();
    expect(await texts.get("a")).toBe("a");
    await fleet.settled();
    expect(loadMany.mock.calls[1]?.[1].stale).toEqual([{ value: "a", etag: "one", ageMs: 100 }]);
    expect([valuesIn(fleet.shared).writes, valuesIn(fleet.shared).renewals]).toEqual([[], ["text:a"]]);
    fleet.clock.advance(499);
    expect(await fleet.process().namespace<string>("text").get("a")).toBe("a");
  });

  test("names no version but that of its one key", async () => {
    const loadMany = (keys: Keys, { setEtag }: BatchLoaderContext): string[] => {
      setEtag(1, "another's");
      return keys.map(([id]) => id);
    };
    const texts = fleet.process().namespace("text", { loadMany });
    await expect(texts.get("a")).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: "The position given to setEtag is 1; allowed is the position of a key, 0.",
    });
  });

  test("may not find unchanged what is not there", async () => {
    const loadMany = (_keys: Keys, { unchanged }: BatchLoaderContext): string[] => [unchanged()];
    const texts = fleet.process().namespace("text", { loadMany });
    await expect(texts.get("a")).rejects.toMatchObject({ code: "INVALID_VALUE" });
    expect(await texts.getManySettled(["a", "b"])).toMatchObject([
      { status: "rejected", reason: { code: "INVALID_BATCH" } },
      { status: "rejected", reason: { code: "INVALID_BATCH" } },
    ]);
  });

  test("hears by its signal that its reader has left", async () => {
    const signals: AbortSignal[] = [];
    const loadMany = async (_keys: Keys, { signal }: BatchLoaderContext): Promise<string[]> => {
      signals.push(signal);
      return new Promise(() => {});
    };
    const texts = fleet.process().namespace("text", { loadMany });
    const leaving = new AbortController();
    const reading = texts.read("a", { signal: leaving.signal });
    await fleet.settled();
    expect(signals).toHaveLength(1);
    leaving.abort(new Error("left"));
    await expect(reading).rejects.toThrow("left");
    expect(signals[0]?.aborted).toBe(true);
  });
});
