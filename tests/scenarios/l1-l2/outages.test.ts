import { CacheError } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe("a remote tier that fails", () => {
  test("costs a reader nothing but the load, and is told to the observer without a key", async () => {
    fleet.shared.fail();
    const users = fleet.process().namespace("user", { load: (id) => id });
    expect(await users.get("secret-id")).toBe("secret-id");
    expect(await users.getMany(["a", "b"])).toEqual(["a", "b"]);
    await fleet.settled();
    expect(fleet.observer.events).toContainEqual({
      type: "tier-failed",
      tier: fleet.shared.name,
      operation: "read",
      code: expect.any(String),
    });
    expect(fleet.observer.events).toContainEqual({
      type: "tier-failed",
      tier: fleet.shared.name,
      operation: "write",
      code: expect.any(String),
    });
    expect(JSON.stringify(fleet.observer.events)).not.toContain("secret-id");
  });

  test.each<[string, Error, string]>([
    ["its own code", Object.assign(new Error("secret"), { code: "ECONNRESET" }), "ECONNRESET"],
    ["its name", new TypeError("secret"), "TypeError"],
    ["the code of its cause", new CacheError("TIER_FAILED", "secret", { cause: { code: "OOM" } }), "OOM"],
    ["our code for it", new CacheError("TIER_FAILED", "secret"), "TIER_FAILED"],
  ])("is reported by %s and by nothing else of the error", async (_, error, code) => {
    fleet.shared.fail(error);
    await fleet
      .process()
      .namespace("user", { load: (id) => id })
      .get("1");
    expect(fleet.observer.of("tier-failed")[0]).toEqual({
      type: "tier-failed",
      tier: "memory",
      operation: "read",
      code,
    });
    expect(JSON.stringify(fleet.observer.events)).not.toContain("secret");
  });

  test("does not make a write reject, but the writer is told", async () => {
    const users = fleet.process().namespace<string>("user");
    expect(await users.set("1", "v")).toEqual({ status: "done" });
    fleet.shared.fail();
    expect(await users.set("1", "w")).toEqual({ status: "queued" });
    expect(await users.get("1")).toBe("w");
    expect(await users.delete("1")).toEqual({ status: "queued" });
    expect(users.peek("1")).toBeUndefined();
    fleet.shared.heal();
    expect(await users.delete("1")).toEqual({ status: "done" });
  });

  test("is used again once it has healed", async () => {
    fleet.shared.fail();
    const load = vi.fn((id: string) => id);
    await fleet.process().namespace("user", { load }).get("1");
    fleet.shared.heal();
    await fleet.process().namespace("user", { load }).get("1");
    await fleet.settled();
    await fleet.process().namespace("user", { load }).get("1");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("whose time is unknown is neither believed nor written to", async () => {
    await fleet
      .process()
      .namespace("user", { load: () => "before" })
      .get("1");
    await fleet.settled();
    fleet.shared.loseTime();
    expect(
      await fleet
        .process()
        .namespace("user", { load: () => "after" })
        .get("1"),
    ).toBe("after");
    expect(await fleet.process().namespace<string>("user").set("1", "x")).toEqual({ status: "queued" });
  });
});

describe("a remote tier that hangs", () => {
  test("costs a reader one deadline, then the load", async () => {
    fleet.shared.hang();
    const load = vi.fn((id: string) => id);
    const reading = fleet.process({ deadlineMs: 200 }).namespace("user", { load }).get("1");
    await fleet.settled();
    fleet.clock.advance(199);
    await fleet.settled();
    expect(load).not.toHaveBeenCalled();
    fleet.clock.advance(1);
    expect(await reading).toBe("1");
    expect(fleet.observer.events).toContainEqual({
      type: "tier-failed",
      tier: fleet.shared.name,
      operation: "read",
      code: "TIER_TIMEOUT",
    });
  });

  test("is not waited for by the reader whose value is written there", async () => {
    const users = fleet.process().namespace("user", { load: (id) => id });
    fleet.shared.hold("write");
    expect(await users.get("1")).toBe("1");
    fleet.shared.release();
  });

  test("keeps a closing cache no longer than the deadline", async () => {
    const cache = fleet.process({ deadlineMs: 200 });
    const users = cache.namespace("user", { load: (id) => id });
    fleet.shared.hold("write");
    await users.get("1");
    await fleet.settled();
    let closed = false;
    const closing = cache.close().then(() => {
      closed = true;
    });
    await fleet.settled();
    expect(closed).toBe(false);
    fleet.clock.advance(200);
    await closing;
    expect(fleet.observer.events).toContainEqual({
      type: "tier-failed",
      tier: fleet.shared.name,
      operation: "write",
      code: "TIER_TIMEOUT",
    });
  });
});
