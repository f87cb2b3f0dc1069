import { json, minutes, type Serializer } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe.each<[string, Serializer]>([
  ["json", json],
  ["msgpack", msgpack()],
])("through %s", (_, serializer) => {
  test.each([[undefined], [null], [0], [""], [false], [{ deep: { list: [1, "two", null] } }]])(
    "%o comes back from the remote tier as it was loaded",
    async (value) => {
      const load = vi.fn(() => value);
      await fleet.process({ serializer }).namespace("odd", { load }).get("a");
      await fleet.settled();
      expect(await fleet.process({ serializer }).namespace("odd", { load }).get("a")).toEqual(value);
      expect(load).toHaveBeenCalledTimes(1);
    },
  );

  test("what a caller does to a loaded value does not reach the remote tier", async () => {
    const first = await fleet
      .process({ serializer, isolate: "share" })
      .namespace("list", { load: () => [1] })
      .get("a");
    first.push(2);
    await fleet.settled();
    expect(
      await fleet
        .process({ serializer })
        .namespace("list", { load: () => [9] })
        .get("a"),
    ).toEqual([1]);
  });
});

describe("what lies in the remote tier under our key", () => {
  test.each([
    ["foreign text", Buffer.from("hello")],
    ["nothing at all", Buffer.alloc(0)],
    ["a frame of another serializer", Buffer.from("c1f501630000000000000000000000007ff000000000000000000000", "hex")],
  ])("and is %s is a counted miss, and is replaced", async (_, bytes) => {
    const call = { signal: new AbortController().signal, ttlMs: minutes(1) };
    await fleet.shared.write("user:1", bytes, call);
    const load = vi.fn((id: string) => `loaded ${id}`);
    expect(await fleet.process().namespace("user", { load }).get("1")).toBe("loaded 1");
    expect(fleet.observer.count("frame-rejected")).toBe(1);
    await fleet.settled();
    expect(await fleet.process().namespace("user", { load }).get("1")).toBe("loaded 1");
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe("a value that the serializer refuses", () => {
  test("is returned and kept locally when it was loaded", async () => {
    const load = vi.fn(() => ({ big: 1n }));
    const users = fleet.process({ serializer: json }).namespace("user", { load });
    expect(await users.get("1")).toEqual({ big: 1n });
    expect(await users.get("1")).toEqual({ big: 1n });
    expect(load).toHaveBeenCalledTimes(1);
    expect(fleet.observer.count("encode-failed")).toBe(1);
  });

  test("is refused when it is set, and changes nothing", async () => {
    const users = fleet.process({ serializer: json }).namespace<unknown>("user");
    await users.set("1", "before");
    await expect(users.set("1", { big: 1n })).rejects.toMatchObject({ code: "INVALID_VALUE" });
    expect(await users.get("1")).toBe("before");
  });
});
