import { type Cache, createCache, json, type LocalTier, type Namespace, type RemoteTier } from "@tiercache/core";
import { describe, expectTypeOf, test } from "vitest";

declare const cache: Cache;
declare const local: LocalTier;
declare const remote: RemoteTier;

describe("a namespace with a loader", () => {
  test("takes its key's types from key and its value's type from the loader", () => {
    const scores = cache.namespace("match", {
      key: (userId: number, jobId: number) => [userId, jobId],
      load: async (userId, jobId, { signal }) => {
        expectTypeOf(userId).toEqualTypeOf<number>();
        expectTypeOf(jobId).toEqualTypeOf<number>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        return { score: userId + jobId };
      },
    });
    expectTypeOf<Parameters<typeof scores.get>>().toEqualTypeOf<[userId: number, jobId: number]>();
    expectTypeOf(scores.get(1, 2)).toEqualTypeOf<Promise<{ score: number }>>();
    expectTypeOf(scores.peek(1, 2)).toEqualTypeOf<{ score: number } | undefined>();
    expectTypeOf(scores.getMany([[1, 2]])).toEqualTypeOf<Promise<{ score: number }[]>>();
  });

  test("has a key of one string when none is declared", () => {
    const users = cache.namespace("user", { load: (id) => ({ id }) });
    expectTypeOf(users.get("7")).toEqualTypeOf<Promise<{ id: string }>>();
    expectTypeOf(users.getMany(["7", ["8"]])).toEqualTypeOf<Promise<{ id: string }[]>>();
    // @ts-expect-error the key is a string
    void users.get(7);
  });

  test("takes a function that knows nothing of caches for its loader", () => {
    const findUser = (id: string): { id: string } => ({ id });
    const score = async (userId: number, jobId: number): Promise<number> => userId + jobId;
    expectTypeOf(cache.namespace("user", { load: findUser }).get("7")).toEqualTypeOf<Promise<{ id: string }>>();
    const scores = cache.namespace("match", { key: (userId: number, jobId: number) => [userId, jobId], load: score });
    expectTypeOf(scores.get(1, 2)).toEqualTypeOf<Promise<number>>();
    // @ts-expect-error a loader of numbers needs a key of numbers
    cache.namespace("bad", { load: (id: number) => id });
  });

  test("may load in batches alone", () => {
    const vectors = cache.namespace("vector", {
      key: (model: string, hash: string) => [model, hash],
      loadMany: (keys) => keys.map(([, hash]) => Float32Array.of(hash.length)),
    });
    expectTypeOf(vectors.get("m", "h")).resolves.toExtend<Float32Array>();
  });

  test("may declare that there is none", () => {
    const maybe = cache.namespace("maybe", { load: (id): string | undefined => (id === "1" ? "one" : undefined) });
    expectTypeOf(maybe.get("1")).toEqualTypeOf<Promise<string | undefined>>();
  });

  test("takes an argument of any type and makes key parts of it", () => {
    const pages = cache.namespace("jobs", {
      key: (filter: { readonly city: string }, page: number) => [filter.city, page],
      load: ({ city }, page) => `${city} ${page}`,
    });
    expectTypeOf(pages.get({ city: "Bern" }, 1)).toEqualTypeOf<Promise<string>>();
  });
});

describe("a namespace without a loader", () => {
  test("answers that there may be nothing", () => {
    const sessions: Namespace<[id: string], { user: number }> = cache.namespace<{ user: number }>("session");
    expectTypeOf(sessions.get("s")).toEqualTypeOf<Promise<{ user: number } | undefined>>();
    expectTypeOf(sessions.getOrLoad("s", () => ({ user: 1 }))).toEqualTypeOf<Promise<{ user: number }>>();
  });
});

describe("what must not compile", () => {
  test("keys, values and declarations of the wrong type", () => {
    const scores = cache.namespace("match", {
      key: (userId: number, jobId: number) => [userId, jobId],
      load: () => ({ score: 1 }),
    });
    // @ts-expect-error a part of the key is missing
    void scores.get(1);
    // @ts-expect-error a part of the key is of another type
    void scores.invalidate(1, "2");
    // @ts-expect-error a key of two parts is handed over as a tuple
    void scores.set(1, { score: 2 });
    // @ts-expect-error the value is of another type
    void scores.set([1, 2], { score: "high" });
    // @ts-expect-error an object is no part of a key
    cache.namespace("bad", { key: (id: number) => [{ id }], load: () => 1 });
    // @ts-expect-error durations are numbers of milliseconds
    cache.namespace("bad", { load: () => 1, ttlMs: "5m" });
    // @ts-expect-error there is no such option
    cache.namespace("bad", { load: () => 1, ttl: 5 });
    // @ts-expect-error the batch loader loads another type
    cache.namespace("bad", { load: () => 1, loadMany: (keys) => keys.map(() => "text") });
  });

  test("tiers in the wrong order, two local ones, or none", () => {
    createCache({ tiers: [local, remote, remote], serializer: json });
    createCache({ tiers: [remote] });
    // @ts-expect-error a remote tier in front of a local one
    createCache({ tiers: [remote, local] });
    // @ts-expect-error two local tiers
    createCache({ tiers: [local, local] });
    // @ts-expect-error no tier
    createCache({ tiers: [] });
  });
});
