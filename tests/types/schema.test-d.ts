import type { Cache, LoadingNamespace, Namespace, Schema } from "@tiercache/core";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";

declare const cache: Cache;

interface Job {
  readonly id: string;
  readonly status: "open" | "closed";
  readonly span: readonly [from: number, to: number];
}

declare const job: Schema<Job>;
declare const letter: Schema<"a" | "b">;
declare const text: Schema<string>;
declare const row: { readonly id: string; readonly status: string; readonly span: readonly [number, number] };

describe("a schema", () => {
  test("says what the values are, whatever the loader is or returns besides", () => {
    const annotated = cache.namespace("job", {
      schema: job,
      load: (id: string): Job => ({ ...row, id, status: "open" }),
    });
    expectTypeOf(annotated).toEqualTypeOf<LoadingNamespace<[id: string], Job>>();
    const sync = cache.namespace("job", { schema: job, load: (id) => ({ id, status: "open", span: [1, 2] }) });
    expectTypeOf(sync).toEqualTypeOf<LoadingNamespace<[id: string], Job>>();
    const later = cache.namespace("job", {
      schema: job,
      load: async (id) => ({ id, status: "open", span: [1, 2], more: true }),
    });
    expectTypeOf(later).toEqualTypeOf<LoadingNamespace<[id: string], Job>>();
    const batch = cache.namespace("job", {
      schema: job,
      loadMany: (keys) => keys.map(([id]) => ({ id, status: "closed", span: [1, 2] })),
    });
    expectTypeOf(batch).toEqualTypeOf<LoadingNamespace<[id: string], Job>>();
    const both = cache.namespace("job", {
      schema: job,
      load: (id) => ({ id, status: "open", span: [1, 2] }),
      loadMany: async (keys) => keys.map(([id]) => ({ id, status: "closed", span: [1, 2] })),
    });
    expectTypeOf(both).toEqualTypeOf<LoadingNamespace<[id: string], Job>>();
  });

  test("is no narrower for a loader that is", () => {
    const texts = cache.namespace("text", { schema: text, load: () => "a" as const });
    expectTypeOf(texts.get("1")).toEqualTypeOf<Promise<string>>();
    const letters = cache.namespace("letter", { schema: letter, load: (): "a" => "a" });
    expectTypeOf(letters.get("1")).toEqualTypeOf<Promise<"a" | "b">>();
  });

  test("goes with a key of any arguments, in any order of the options", () => {
    const jobs = cache.namespace("job", {
      load: async (company, id) => ({ id: `${company}${id}`, status: "open", span: [1, 2] }),
      ttlMs: (value) => {
        expectTypeOf(value).toEqualTypeOf<Job>();
        return value.span[0];
      },
      key: (company: number, id: string) => [company, id],
      schema: job,
    });
    expectTypeOf(jobs).toEqualTypeOf<LoadingNamespace<[company: number, id: string], Job>>();
  });

  test("says what the values are where there is no loader", () => {
    expectTypeOf(cache.namespace("job", { schema: job })).toEqualTypeOf<Namespace<[id: string], Job>>();
    const keyed = cache.namespace("job", { key: (id: number) => [id], schema: job });
    expectTypeOf(keyed).toEqualTypeOf<Namespace<[id: number], Job>>();
    expectTypeOf(cache.namespace<Job>("job", { schema: job })).toEqualTypeOf<Namespace<[id: string], Job>>();
    void keyed.getOrLoad(1, (id) => ({ id: `${id}`, status: "open", span: [1, 2] }));
  });

  test("of a library is one by its output type", () => {
    const schema = z.object({ id: z.string(), at: z.coerce.date(), tags: z.array(z.string()).default([]) });
    const events = cache.namespace("event", { schema, load: (id) => ({ id, at: new Date(), tags: [] }) });
    expectTypeOf(events.get("1")).toEqualTypeOf<Promise<{ id: string; at: Date; tags: string[] }>>();
    const lengths = cache.namespace("length", { schema: z.string().transform((value) => value.length), load: () => 1 });
    expectTypeOf(lengths.get("1")).toEqualTypeOf<Promise<number>>();
    const maybe = cache.namespace("maybe", {
      schema: z.string().optional(),
      load: (): string | undefined => undefined,
    });
    expectTypeOf(maybe.get("1")).toEqualTypeOf<Promise<string | undefined>>();
  });

  test("gives migrate what it must return, and tells it nothing of the old value", () => {
    cache.namespace("job", {
      schema: job,
      schemaVersion: 2,
      migrate: (old, version) => {
        expectTypeOf(old).toEqualTypeOf<unknown>();
        expectTypeOf(version).toEqualTypeOf<number>();
        return version === 1 ? { id: String(old), status: "open", span: [1, 2] } : undefined;
      },
      load: (id) => ({ id, status: "open", span: [1, 2] }),
    });
    cache.namespace("job", { schema: job, migrate: async () => undefined });
  });

  test("says nothing where there is none", () => {
    const jobs = cache.namespace("job", { load: (id) => ({ id, status: "open" }), migrate: () => undefined });
    expectTypeOf(jobs.get("1")).toEqualTypeOf<Promise<{ id: string; status: string }>>();
  });
});

describe("what must not compile", () => {
  test("a loader whose result does not fit the schema", () => {
    // @ts-expect-error members are missing
    cache.namespace("job", { schema: job, load: (id) => ({ id }) });
    // @ts-expect-error members are missing, later
    cache.namespace("job", { schema: job, load: async (id) => ({ id }) });
    // @ts-expect-error a member is of a wider type
    cache.namespace("job", { schema: job, load: () => row });
    // @ts-expect-error a member has another value
    cache.namespace("job", { schema: job, load: (id) => ({ id, status: "lost", span: [1, 2] }) });
    // @ts-expect-error the value is of a wider type
    cache.namespace("letter", { schema: letter, load: (id) => id });
    // @ts-expect-error the value is of a wider type, later
    cache.namespace("letter", { schema: letter, load: async (id) => id });
    // @ts-expect-error there may be none
    cache.namespace("text", { schema: text, load: (): string | undefined => undefined });
    // @ts-expect-error a value of the batch is of a wider type
    cache.namespace("letter", { schema: letter, loadMany: (keys) => keys.map(([id]) => id) });
    // @ts-expect-error values of the batch lack members, later
    cache.namespace("job", { schema: job, loadMany: async (keys) => keys.map(([id]) => ({ id })) });
    // @ts-expect-error with a key of one's own
    cache.namespace("letter", { key: (id: number) => [id], schema: letter, load: (id) => `${id}` });
    // @ts-expect-error the second loader
    cache.namespace("letter", { schema: letter, load: (): "a" => "a", loadMany: (keys) => keys.map(([id]) => id) });
    // @ts-expect-error what goes into a schema that transforms is not what comes out of it
    cache.namespace("length", { schema: z.string().transform((value) => value.length), load: () => "text" });
  });

  test("a schema, a version or a migration of the wrong type", () => {
    // @ts-expect-error no Standard Schema
    cache.namespace("job", { schema: { parse: (value: unknown) => value }, load: () => 1 });
    // @ts-expect-error the migration makes something else
    cache.namespace("job", { schema: job, migrate: () => "text" });
    // @ts-expect-error the migration makes something else than the loader
    cache.namespace("job", { load: () => 1, migrate: () => "text" });
    // @ts-expect-error a version is a number
    cache.namespace("job", { schemaVersion: "2", load: () => 1 });
    const jobs = cache.namespace("job", { schema: job });
    // @ts-expect-error the value does not fit
    void jobs.set("1", { id: "1", status: "lost", span: [1, 2] });
    // @ts-expect-error the loader of one call makes something else
    void jobs.getOrLoad("1", () => ({ id: "1" }));
  });
});
