import { beforeEach, describe, expect, test } from "vitest";
import { LoneProcess } from "./lone-process.ts";

let lone: LoneProcess;

beforeEach(() => {
  lone = new LoneProcess();
});

describe("a write during a load", () => {
  test("that deletes is not undone by that load", async () => {
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let loads = 0;
    const users = lone.cache.namespace("user", { load: () => answers[loads++]?.promise ?? Promise.reject() });
    const before = users.get("1");
    await users.delete("1");
    const after = users.get("1");
    answers[1]?.resolve("new");
    expect(await after).toBe("new");
    answers[0]?.resolve("old");
    expect(await before).toBe("old");
    expect(users.peek("1")).toBe("new");
    expect(lone.observer.count("superseded")).toBe(1);
  });

  test("that invalidates makes later readers load anew instead of joining", async () => {
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let loads = 0;
    const users = lone.cache.namespace("user", { load: () => answers[loads++]?.promise ?? Promise.reject() });
    const before = users.get("1");
    await users.invalidate("1");
    const after = users.get("1");
    answers[0]?.resolve("old");
    expect(await before).toBe("old");
    expect(users.peek("1")).toBeUndefined();
    answers[1]?.resolve("new");
    expect(await after).toBe("new");
    expect(await users.get("1")).toBe("new");
  });

  test("that sets is not overwritten by that load", async () => {
    const answer = Promise.withResolvers<string>();
    const users = lone.cache.namespace("user", { load: () => answer.promise });
    const reading = users.get("1");
    await users.set("1", "set");
    answer.resolve("loaded");
    expect(await reading).toBe("loaded");
    expect(await users.get("1")).toBe("set");
  });
});

describe("a set", () => {
  test("may give its entry another time to live", async () => {
    const users = lone.cache.namespace<string>("user");
    await users.set("1", "v", { ttlMs: 5 });
    lone.clock.advance(5);
    expect(await users.get("1")).toBeUndefined();
  });

  test("of a promise is refused", async () => {
    const users = lone.cache.namespace<unknown>("user");
    await expect(users.set("1", Promise.resolve(1))).rejects.toMatchObject({ code: "INVALID_VALUE" });
    expect(users.peek("1")).toBeUndefined();
  });

  test("with a wrong option is refused by name", async () => {
    const users = lone.cache.namespace<string>("user");
    await expect(users.set("1", "v", { ttlMs: 0 })).rejects.toThrow(/user\.set\.ttlMs is 0; allowed is/);
  });
});
