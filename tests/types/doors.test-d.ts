import {
  type Cache,
  createCache,
  type Explanation,
  type FrameRejection,
  type HeldTag,
  type Isolation,
  type LoadingNamespace,
  type LocalTier,
  type Reading,
  type ReadOptions,
  type StaleReason,
  type WriteResult,
} from "@tiercache/core";
import { describe, expectTypeOf, test } from "vitest";

declare const cache: Cache;
declare const local: LocalTier;
declare const options: ReadOptions;

const users = cache.namespace("user", { load: (id) => ({ id }) });
const plain = cache.namespace<{ id: string }>("plain");
type User = { id: string };

describe("isolation", () => {
  test("is one of three words, for a cache and for a namespace, and changes no type", () => {
    expectTypeOf<Isolation>().toEqualTypeOf<"freeze" | "clone" | "share">();
    createCache({ tiers: [local], isolate: "clone" });
    const cloned = cache.namespace("cloned", { load: (id) => ({ id }), isolate: "clone" });
    expectTypeOf(cloned).toEqualTypeOf<LoadingNamespace<[id: string], User>>();
    // @ts-expect-error there is no such mode
    createCache({ tiers: [local], isolate: "deep" });
    // @ts-expect-error it is a word
    cache.namespace("bad", { load: (id) => id, isolate: true });
  });
});

describe("a read with wishes", () => {
  test("has a value of the loader's type unless it is content with what is cached", () => {
    expectTypeOf(users.read("7")).resolves.toEqualTypeOf<Reading<User>>();
    expectTypeOf(users.read("7", { from: "load" })).resolves.toEqualTypeOf<Reading<User>>();
    expectTypeOf(users.read("7", { skipReading: ["lru"] })).resolves.toEqualTypeOf<Reading<User>>();
    expectTypeOf(users.read("7", { from: "cached" })).resolves.toEqualTypeOf<Reading<User | undefined>>();
    expectTypeOf(users.read("7", options)).resolves.toEqualTypeOf<Reading<User | undefined>>();
    expectTypeOf(plain.read("7", { from: "any" })).resolves.toEqualTypeOf<Reading<User | undefined>>();
  });

  test("takes lists of names, also ones that cannot be changed", () => {
    const names = ["lru"] as const;
    void users.read("7", { skipReading: names, skipWriting: names, signal: AbortSignal.timeout(5) });
    expectTypeOf(users.set("7", { id: "7" }, { skipWriting: names })).resolves.toEqualTypeOf<WriteResult>();
    // @ts-expect-error a list of names
    void users.read("7", { skipReading: "lru" });
    // @ts-expect-error a list of names
    void users.read("7", { skipWriting: new Set(["lru"]) });
    // @ts-expect-error a write asks nobody
    void users.set("7", { id: "7" }, { skipReading: names });
    // @ts-expect-error there is no loader
    void plain.read("7", { from: "load" });
    // @ts-expect-error there is no such source
    void users.read("7", { from: "loader" });
    // @ts-expect-error undefined is no list
    void users.read("7", { skipReading: undefined });
  });
});

describe("settled batches", () => {
  test("have one result a key, fulfilled or rejected", () => {
    expectTypeOf(users.getManySettled(["7"])).resolves.toEqualTypeOf<PromiseSettledResult<User>[]>();
    expectTypeOf(plain.getManySettled(["7"])).resolves.toEqualTypeOf<PromiseSettledResult<User | undefined>[]>();
  });

  test("take lists alone", () => {
    // @ts-expect-error a list of keys
    void users.getManySettled("7");
    // @ts-expect-error a list of keys
    void users.getMany(new Set(["7"]));
    // @ts-expect-error pairs of a key and a value
    void users.setMany([["7"]]);
    // @ts-expect-error pairs of a key and a value
    void users.setMany({ 7: { id: "7" } });
  });
});

describe("an explanation", () => {
  test("has the key's arguments, and per tier what its kind of holding has to say", async () => {
    const explanation = await cache
      .namespace("match", { key: (userId: number, jobId: number) => [userId, jobId], load: () => 1 })
      .explain(1, 2);
    expectTypeOf(explanation).toEqualTypeOf<Explanation>();
    expectTypeOf(explanation.answeredBy).toEqualTypeOf<string | undefined>();
    expectTypeOf(explanation.stale).toEqualTypeOf<StaleReason | undefined>();
    for (const held of explanation.tiers) {
      if (held.holds === "rejected") expectTypeOf(held.reason).toEqualTypeOf<FrameRejection>();
      else if (held.holds === "unreachable") expectTypeOf(held.code).toEqualTypeOf<string>();
      else if (held.holds === "ended") expectTypeOf(held.tags).toEqualTypeOf<readonly HeldTag[]>();
      else if (held.holds !== "nothing" && held.holds !== "leased" && held.holds !== "tombstone")
        expectTypeOf(held.usefulForMs).toEqualTypeOf<number>();
      // @ts-expect-error not every tier holds something
      void held.ageMs;
      // @ts-expect-error it shows no value
      void held.value;
    }
    // @ts-expect-error the key is a string
    void users.explain(7);
    // @ts-expect-error it is there to be read
    explanation.answeredBy = "lru";
  });
});
