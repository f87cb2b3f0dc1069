import { minutes } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { LoneProcess } from "./lone-process.ts";

let lone: LoneProcess;

beforeEach(() => {
  lone = new LoneProcess();
});

describe("a local tier alone", () => {
  class Job {
    readonly #title = "engineer";
    get title(): string {
      return this.#title;
    }
  }

  test.each([
    ["NaN", Number.NaN],
    ["a bigint", 1n],
    ["a symbol", Symbol("one")],
    ["a function", () => 1],
    ["an instance", new Job()],
  ])("keeps %s as it is, since nothing is serialized", async (_, value) => {
    const load = vi.fn(() => value);
    const odd = lone.cache.namespace<unknown>("odd", { load });
    expect(await odd.get("a")).toBe(value);
    expect(await odd.get("a")).toBe(value);
    expect(await odd.getMany(["a", "a"])).toEqual([value, value]);
    expect(load).toHaveBeenCalledTimes(1);
    await odd.set("b", value);
    expect(odd.peek("b")).toBe(value);
  });

  test("prolongs a sliding life at once", async () => {
    const sessions = lone.cache.namespace<string>("session", { ttlMs: minutes(15), sliding: true });
    await sessions.set("s", "user 7");
    for (let read = 0; read < 5; read++) {
      lone.clock.advance(minutes(14));
      expect(await sessions.get("s")).toBe("user 7");
    }
  });
});
