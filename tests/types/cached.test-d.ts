import { type Cache, type CachedFunction, cached, cachedMethod, type LoadingNamespace } from "@tiercache/core";
import { describe, expectTypeOf, test } from "vitest";

declare const cache: Cache;
const name = "any";

interface Filter {
  readonly city: string;
}

describe("a cached function", () => {
  test("has the function's parameters and a promise of its result", () => {
    const score = cached(async (user: number, job: string) => ({ user, job }), { cache, name });
    expectTypeOf<Parameters<typeof score>>().toEqualTypeOf<[user: number, job: string]>();
    expectTypeOf(score(1, "a")).toEqualTypeOf<Promise<{ user: number; job: string }>>();
    const square = cached((n: number) => n * n, { cache, name });
    expectTypeOf(square).toEqualTypeOf<CachedFunction<[n: number], number>>();
    const nothing = cached((): string | undefined => undefined, { cache, name });
    expectTypeOf(nothing()).toEqualTypeOf<Promise<string | undefined>>();
  });

  test("has a namespace of the same types", () => {
    const score = cached(async (user: number, job: string) => user + job.length, { cache, name });
    expectTypeOf(score.namespace).toEqualTypeOf<LoadingNamespace<[user: number, job: string], number>>();
    const report = cached(() => "report", { cache, name });
    expectTypeOf(report.namespace).toEqualTypeOf<LoadingNamespace<[], string>>();
  });

  test("takes key's parameters from the function, and the value of its rules from the result", () => {
    const jobs = cached((filter: Filter, page?: number) => [filter.city, page ?? 1] as const, {
      cache,
      name,
      key: (filter, page) => {
        expectTypeOf(filter).toEqualTypeOf<Filter>();
        expectTypeOf(page).toEqualTypeOf<number | undefined>();
        return [filter.city, page ?? 1];
      },
      ttlMs: (value) => {
        expectTypeOf(value).toEqualTypeOf<readonly [string, number]>();
        return value[1];
      },
    });
    expectTypeOf(jobs).toEqualTypeOf<
      CachedFunction<[filter: Filter, page?: number | undefined], readonly [string, number]>
    >();
    void jobs({ city: "Bern" });
  });

  test("may leave arguments out of its key, and needs none where all are key parts", () => {
    cached((id: string, _trace: object) => id, { cache, name, key: (id) => [id] });
    cached((_kind: "x" | "y", _id: number | bigint, _deep: boolean) => 1, { cache, name });
    cached((first: string, ...others: string[]) => [first, ...others], { cache, name });
  });

  test("must not compile", () => {
    // @ts-expect-error an object is no key part: it needs key
    cached((filter: Filter) => filter.city, { cache, name });
    // @ts-expect-error an argument that may be left out needs key
    cached((city: string, page?: number) => [city, page], { cache, name });
    // @ts-expect-error an argument that may be undefined needs key
    cached((city: string | undefined) => city, { cache, name });
    // @ts-expect-error arguments of any number, so perhaps none, need key
    cached((...cities: string[]) => cities, { cache, name });
    function filterCity(this: Filter): string {
      return this.city;
    }
    // @ts-expect-error the function needs this
    cached(filterCity, { cache, name });
    // @ts-expect-error the key is of other arguments
    cached((id: string) => id, { cache, name, key: (id: number) => [id] });
    // @ts-expect-error an object is no part of a key
    cached((filter: Filter) => filter.city, { cache, name, key: (filter) => [filter] });
    // @ts-expect-error there is no such option
    cached((id: string) => id, { cache, name, ttl: 5 });
    // @ts-expect-error the function is the loader
    cached((id: string) => id, { cache, name, load: (id: string) => id });
    // @ts-expect-error no cache
    cached((id: string) => id, { name });
    const user = cached(async (id: string) => ({ id }), { cache, name });
    // @ts-expect-error the argument is of another type
    void user(1);
    // @ts-expect-error the value is of another type
    void user.namespace.set("1", "text");
  });
});

const cachedJob = cachedMethod<Jobs, [id: string], { title: string }>({
  cache,
  name,
  key: ({ tenant }, id) => [tenant, id],
});

/** What compiles is enough of a test here: nothing runs these. */
export class Jobs {
  readonly tenant: string = "acme";

  @cachedMethod({
    cache,
    name,
    key: (self, id) => {
      expectTypeOf(self).toEqualTypeOf<Jobs>();
      expectTypeOf(id).toEqualTypeOf<string>();
      return [self.tenant, id];
    },
    ttlMs: (value) => {
      expectTypeOf(value).toEqualTypeOf<{ id: string }>();
      return 1;
    },
  })
  async find(id: string): Promise<{ id: string }> {
    return { id };
  }

  @cachedMethod({ cache, name, key: (_, { city }, page = 1) => [city, page] })
  async #page(filter: Filter, page?: number): Promise<string> {
    return `${filter.city} ${page}`;
  }

  @cachedMethod({ cache, name, key: () => ["all"] })
  async all(): Promise<string> {
    return this.#page({ city: "Bern" });
  }

  @cachedMethod({ cache, name, key: (self, id) => [self.name, id] })
  static async price(id: number): Promise<number> {
    return id;
  }

  @cachedJob
  async job(id: string): Promise<{ title: string }> {
    return { title: id };
  }

  async forget(id: string): Promise<void> {
    await cachedJob.namespace.invalidate(this, id);
    // @ts-expect-error the instance is missing
    await cachedJob.namespace.invalidate(id);
  }

  // @ts-expect-error the decorator is for another argument
  @cachedJob
  async other(id: number): Promise<{ title: string }> {
    return { title: `${id}` };
  }

  // @ts-expect-error a method must return a promise
  @cachedMethod({ cache, name, key: (_, id) => [id] })
  now(id: string): string {
    return id;
  }

  // @ts-expect-error whether instances share a result must be said
  @cachedMethod({ cache, name })
  async keyless(id: string): Promise<string> {
    return id;
  }

  // @ts-expect-error an object is no part of a key
  @cachedMethod({ cache, name, key: (_, filter) => [filter] })
  async filtered(filter: Filter): Promise<string> {
    return filter.city;
  }

  // @ts-expect-error the key is of another class
  @cachedMethod({ cache, name, key: (self: Date, id: string) => [self.getTime(), id] })
  async stranger(id: string): Promise<string> {
    return id;
  }

  // @ts-expect-error a field is no method
  @cachedMethod({ cache, name, key: (_, id: string) => [id] })
  field = async (id: string): Promise<string> => id;
}

describe("a decorated method", () => {
  test("keeps its type", () => {
    expectTypeOf<Jobs["find"]>().toEqualTypeOf<(id: string) => Promise<{ id: string }>>();
  });

  test("has a namespace whose keys begin with the instance", () => {
    expectTypeOf(cachedJob.namespace).toEqualTypeOf<LoadingNamespace<[self: Jobs, id: string], { title: string }>>();
  });
});
