import { json } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

/* What goes wrong elsewhere with the values themselves. */

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe.each([
  ["json", json],
  ["msgpack", msgpack()],
])("through %s", (_name, serializer) => {
  // Elsewhere what is falsy in the remote tier counts as absent, and a null comes back as an empty string.
  test.each([[null], [0], [""], [false], [undefined], [[]], [{}]])(
    "%o is loaded once, and three new processes find just that",
    async (value) => {
      const load = vi.fn(() => value);
      for (let process = 0; process < 4; process++) {
        const odd = fleet.process({ serializer }).namespace("odd", { load });
        expect(await odd.get("a")).toStrictEqual(value);
        expect(await odd.getMany(["a"])).toStrictEqual([value]);
        await fleet.settled();
      }
      expect(load).toHaveBeenCalledTimes(1);
    },
  );

  // Elsewhere the remote tier is written after the caller has the value, and so holds what he made of it.
  test("what readers do to a loaded value at once is not what the remote tier is given", async () => {
    const sharing = fleet.process({ serializer, isolate: "share" });
    const users = sharing.namespace("user", { load: () => ({ roles: ["reader"] }) });
    await users.get("before");
    await fleet.settled();
    fleet.shared.hold("write", "request");
    for (const user of await Promise.all([users.get("1"), users.get("1")])) user.roles.push("admin");
    fleet.shared.release();
    await fleet.settled();
    const elsewhere = fleet.process({ serializer }).namespace<{ roles: string[] }>("user");
    expect(await elsewhere.get("1")).toEqual({ roles: ["reader"] });
  });

  // Elsewhere a list given along with a call is the library's own from then on, and grows.
  test("nothing that a caller hands over is changed", async () => {
    const key = Object.freeze<[id: string]>(["1"]) as [id: string];
    const keys = Object.freeze([key] as const);
    const value = Object.freeze({ at: 0, list: Object.freeze([1]) });
    const options = Object.freeze({ ttlMs: 50 });
    const things = fleet.process(Object.freeze({ serializer })).namespace<object>("thing", options);
    await things.set(key, value, options);
    expect(await things.getMany(keys)).toEqual([value]);
    expect([key, keys, options]).toEqual([["1"], [["1"]], { ttlMs: 50 }]);
  });
});

describe("through msgpack", () => {
  const serializer = msgpack();

  // Elsewhere a Date comes back as text, a Map or a Set as {} or a list, and only from the remote tier.
  test.each<[string, () => unknown]>([
    ["a Date", () => new Date(86_400_000)],
    ["a Map", () => new Map([["a", new Map([[1, "one"]])]])],
    ["a Set", () => new Set([1, "1", null])],
    ["a bigint", () => 9_007_199_254_740_993n],
    ["bytes", () => Uint8Array.of(0, 128, 255)],
    ["an embedding", () => Float32Array.from({ length: 768 }, (_, index) => Math.sin(index))],
    ["doubles", () => Float64Array.of(Math.PI, Number.NaN, Number.NEGATIVE_INFINITY)],
    ["NaN", () => Number.NaN],
    ["minus zero", () => -0],
    ["undefined in an object", () => ({ gone: undefined })],
    ["all of these in one", () => ({ at: new Date(1), of: new Map([[{ id: 1 }, new Set([Uint8Array.of(1)])]]) })],
  ])("%s is the same from the local tier and from the remote one", async (_kind, make) => {
    const here = fleet.process({ serializer }).namespace("odd", { load: make });
    await here.get("a");
    await fleet.settled();
    const there = fleet.process({ serializer }).namespace<unknown>("odd");
    const local = await here.get("a");
    const remote = await there.get("a");
    expect(local).toStrictEqual(make());
    expect(remote).toStrictEqual(make());
  });

  // Elsewhere frames travel as text, which binary encodings do not survive.
  test("every byte of a value survives the remote tier", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    await fleet.process({ serializer }).namespace<Uint8Array>("bytes").set("a", bytes);
    expect(await fleet.process({ serializer }).namespace<Uint8Array>("bytes").get("a")).toStrictEqual(bytes);
  });

  // Elsewhere a typed array is cut to bytes and followed by memory that was never cleared: values of other people.
  test("a typed array in the remote tier is followed by nothing that was encoded before", async () => {
    const texts = fleet.process({ serializer }).namespace<unknown>("odd");
    await texts.set("before", "hunter2".repeat(200));
    await texts.set(
      "a",
      Float64Array.from({ length: 64 }, () => 1),
    );
    const [frame] = await fleet.shared.readMany(["odd:a"], { signal: new AbortController().signal });
    expect(Buffer.from(frame ?? []).toString("latin1")).not.toContain("hunter2");
  });

  // Elsewhere a cycle is encoded into bytes that nobody can decode: a value that poisons every read.
  test("what cannot be decoded is never written", async () => {
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    const load = vi.fn(() => cycle);
    await fleet.process({ serializer }).namespace("odd", { load }).get("a");
    await fleet.settled();
    expect(valuesIn(fleet.shared).count("write")).toBe(0);
  });

  // Elsewhere two writers' shapes are kept beside the messages, and one reads the other's fields under wrong names.
  test("objects of two writers with different shapes are never mixed up", async () => {
    await fleet.process({ serializer: msgpack() }).namespace<object>("user").set("1", { id: 1, email: "x" });
    await fleet.process({ serializer: msgpack() }).namespace<object>("user").set("2", { name: 1, admin: "x" });
    const users = fleet.process({ serializer: msgpack() }).namespace<object>("user");
    expect(await users.getMany(["2", "1"])).toEqual([
      { name: 1, admin: "x" },
      { id: 1, email: "x" },
    ]);
  });
});
