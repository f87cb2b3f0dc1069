import { inspect } from "node:util";
import { createCache, isCacheError } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const secret = "only for these tests";
const hashKeys = { secret };

const hidden = /^(?:app\/)?[\w.-]+:%#[\w-]{43}$/;

describe("a cache that hides its keys", () => {
  test("shows no id to a remote tier, whatever is done with it, nor how long it is", async () => {
    const users = fleet.process({ hashKeys, prefix: "app" }).namespace("user", { load: (id) => id });
    await users.get("alice@example.org");
    await users.getMany(["alice@example.org", "bob", "k".repeat(1_000), ""]);
    await users.set("carol", "v");
    await users.invalidate("alice@example.org");
    await fleet.settled();
    const { reads, writes, removals } = valuesIn(fleet.shared);
    const keys = [...reads.flat(), ...writes, ...removals.flat()];
    expect(new Set(keys).size).toBe(5);
    for (const key of keys) expect(key).toMatch(hidden);
    expect(writes).toContain("app/user:%#_GPSGF78fLq3dcoKAp8l3oSg17z53Gnbh7A8FtGX-F8");
  });

  test("answers as any other: ids are what they were to callers, loaders and the local tier", async () => {
    const load = vi.fn((a: string, b: number) => `${a} ${b}`);
    const pairs = fleet.process({ hashKeys }).namespace("pair", { key: (a: string, b: number) => [a, b], load });
    expect(await pairs.get("a:b", 1)).toBe("a:b 1");
    expect(pairs.peek("a:b", 1)).toBe("a:b 1");
    expect(pairs.peek("a", 1)).toBeUndefined();
    expect(load).toHaveBeenCalledWith("a:b", 1, expect.anything());
    await pairs.invalidate("a:b", 1);
    expect(pairs.peek("a:b", 1)).toBeUndefined();
  });

  test("shares its values with whoever has the same secret, as text or as bytes, and with nobody else", async () => {
    await fleet.process({ hashKeys }).namespace<string>("user").set("1", "own");
    const found = (options: object) => fleet.process(options).namespace<string>("user").get("1");
    expect(await found({ hashKeys })).toBe("own");
    expect(await found({ hashKeys: { secret: Buffer.from(secret) } })).toBe("own");
    expect(await found({ hashKeys: { secret: `${secret}!` } })).toBeUndefined();
    expect(await found({ hashKeys, prefix: "app" })).toBeUndefined();
    expect(await found({})).toBeUndefined();
  });

  test("gives the same id nothing in common in two namespaces", async () => {
    const cache = fleet.process({ hashKeys });
    await cache.namespace<string>("user").set("alice", "v");
    await cache.namespace<string>("order").set("alice", "v");
    const [user, order] = valuesIn(fleet.shared).writes.map((key) => key.slice(key.indexOf(":")));
    expect(user).not.toBe(order);
  });

  test("meets with no key of a process that hides nothing, whatever id is handed in there", async () => {
    const owner = fleet.process({ hashKeys }).namespace<string>("user");
    await owner.set("1", "private");
    const [key = ""] = valuesIn(fleet.shared).writes;
    const readable = fleet.process();
    const users = readable.namespace<string>("user");
    const tries = [key, key.slice("user:".length), key.slice("user:%#".length)];
    expect(await users.getMany(tries)).toEqual([undefined, undefined, undefined]);
    for (const id of tries) await users.set(id, "forged");
    expect(await fleet.process({ hashKeys }).namespace<string>("user").get("1")).toBe("private");
  });

  test("goes by the secret as it was when it was handed in", async () => {
    const bytes = Buffer.from(secret);
    const users = fleet.process({ hashKeys: { secret: bytes } }).namespace<string>("user");
    bytes.fill(0);
    await users.set("1", "own");
    expect(await fleet.process({ hashKeys }).namespace<string>("user").get("1")).toBe("own");
  });
});

describe("a namespace", () => {
  const keyIn = async (ofCache: object, ofNamespace: object): Promise<string | undefined> => {
    fleet.shared.clearCalls();
    await fleet.process(ofCache).namespace<string>("user", ofNamespace).set("1", "v");
    return valuesIn(fleet.shared).writes[0];
  };

  test("hides its keys as its cache does, by itself, with a secret of its own, or not at all", async () => {
    const ofCache = await keyIn({ hashKeys }, {});
    expect(ofCache).toMatch(hidden);
    expect(await keyIn({}, { hashKeys })).toBe(ofCache);
    expect(await keyIn({ hashKeys }, { hashKeys: undefined })).toBe(ofCache);
    expect(await keyIn({ hashKeys: false }, { hashKeys })).toBe(ofCache);
    const own = await keyIn({ hashKeys }, { hashKeys: { secret: "another one for these tests" } });
    expect(own).toMatch(hidden);
    expect(own).not.toBe(ofCache);
    expect(await keyIn({ hashKeys }, { hashKeys: false })).toBe("user:1");
    expect(await keyIn({}, {})).toBe("user:1");
  });
});

describe("a secret", () => {
  const allowed = "allowed is false, or { secret } with a string or Uint8Array of at least 16 bytes.";

  test.each<[kind: string, given: unknown]>([
    ["of 15 bytes", { secret: "hunter2-hunter2" }],
    ["of 15 bytes that are no text", { secret: new Uint8Array(15) }],
    ["that is empty", { secret: "" }],
    ["that is missing", {}],
    ["that is undefined, as an unset environment variable is", { secret: undefined }],
    ["that is a number", { secret: 1234567890123456 }],
    ["that is an ArrayBuffer", { secret: new ArrayBuffer(32) }],
    ["that stands in place of the options", "hunter2-hunter2-hunter2"],
    ["beside an unknown option", { secret: "hunter2-hunter2-hunter2", salt: "hunter2" }],
    ["without an object around it", null],
    ["that is merely promised", true],
  ])("%s is refused for a cache and for a namespace, and is not shown", (_kind, given) => {
    const bad = { hashKeys: given } as never;
    const cache = createCache({ tiers: [lru()] });
    for (const [owner, make] of [
      ["createCache", () => createCache({ tiers: [lru()], ...(bad as object) })],
      ['namespace "user"', () => cache.namespace("user", bad)],
    ] as const) {
      expect(make).toThrow(
        expect.objectContaining({
          code: "INVALID_OPTION",
          message: `${owner}.hashKeys is a value that is not shown; ${allowed}`,
        }),
      );
    }
  });

  test("of 16 bytes is long enough, be they eight signs or sixteen", () => {
    for (const longEnough of ["0123456789abcdef", "éééééééé", new Uint8Array(16)])
      createCache({ tiers: [lru()], hashKeys: { secret: longEnough } }).namespace("user", {
        hashKeys: { secret: longEnough },
      });
  });

  test("is not shown by the cache, its namespaces or an error of theirs", async () => {
    const cache = fleet.process({ hashKeys });
    const users = cache.namespace<string>("user", { hashKeys });
    const failure: unknown = await users.get("\ud800").catch((error: unknown) => error);
    expect(isCacheError(failure)).toBe(true);
    const shown = [cache, users, failure, fleet.observer.events].map((one) =>
      inspect(one, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    );
    expect(shown.join("\n")).not.toContain(secret);
    expect(JSON.stringify([cache, users])).not.toContain(secret);
  });
});
