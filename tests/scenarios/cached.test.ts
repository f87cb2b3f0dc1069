import { type Cache, type CachedMethodDecorator, cached, cachedMethod } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { LoneProcess } from "./l1/lone-process.ts";

let lone: LoneProcess;
let cache: Cache;

beforeEach(() => {
  lone = new LoneProcess();
  cache = lone.cache;
});

/** Does what a compiler does with `@decorator` in front of a method: this toolchain runs sources without one. */
function decorate<This extends object, K extends readonly unknown[], V>(
  owner: This,
  name: string,
  decorator: CachedMethodDecorator<This, K, V>,
): void {
  const method = Reflect.get(owner, name) as (this: This, ...args: K) => Promise<V>;
  const context = { kind: "method", name } as ClassMethodDecoratorContext<This, typeof method>;
  Reflect.set(owner, name, decorator(method, context));
}

describe("a cached function", () => {
  test("is called once for the same arguments", async () => {
    const find = vi.fn(async (user: number, job: string) => ({ user, job }));
    const findMatch = cached(find, { cache, name: "match" });
    const first = await findMatch(1, "a");
    expect(first).toEqual({ user: 1, job: "a" });
    expect(await findMatch(1, "a")).toBe(first);
    await findMatch(2, "a");
    expect(find.mock.calls.join(" ")).toBe("1,a 2,a");
  });

  test("that was synchronous answers and fails by a promise, and keeps its name and number of parameters", async () => {
    const root = (n: number): number => {
      if (n < 0) throw new RangeError("below 0");
      return Math.sqrt(n);
    };
    const cachedRoot = cached(root, { cache, name: "root" });
    await expect(cachedRoot(9)).resolves.toBe(3);
    await expect(cachedRoot(-1)).rejects.toThrow(RangeError);
    expect([cachedRoot.name, cachedRoot.length]).toEqual(["root", 1]);
  });

  test("without parameters has one result", async () => {
    const load = vi.fn(() => "report");
    const report = cached(load, { cache, name: "report" });
    expect(await report()).toBe("report");
    expect(await report()).toBe("report");
    expect(load).toHaveBeenCalledTimes(1);
    await report.namespace.invalidate();
    await report();
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("is told apart by what key makes of its arguments, and is called with the arguments themselves", async () => {
    const load = vi.fn((filter: { readonly city: string }, page?: number) => `${filter.city} ${page ?? 1}`);
    const jobs = cached(load, { cache, name: "jobs", key: ({ city }, page = 1) => [city, page] });
    const filter = { city: "Bern" };
    expect(await jobs(filter)).toBe("Bern 1");
    expect(await jobs({ city: "Bern" }, 1)).toBe("Bern 1");
    expect(load.mock.calls).toEqual([[filter]]);
    expect(load.mock.calls[0]?.[0]).toBe(filter);
  });

  test("is called without this", async () => {
    function own(this: unknown): string {
      return this === undefined ? "nobody's" : "somebody's";
    }
    expect(await { whose: cached(own, { cache, name: "whose" }) }.whose()).toBe("nobody's");
  });

  test("is called once for all who wait, who are given its error as it is, and the error is not kept", async () => {
    const failure = new Error("away");
    const load = vi.fn(async (id: string): Promise<string> => {
      if (load.mock.calls.length === 1) throw failure;
      return id;
    });
    const user = cached(load, { cache, name: "user" });
    const both = await Promise.allSettled([user("1"), user("1")]);
    expect(both.every((result) => result.status === "rejected" && result.reason === failure)).toBe(true);
    expect(load).toHaveBeenCalledTimes(1);
    expect(await user("1")).toBe("1");
  });

  test("follows its rules", async () => {
    const load = vi.fn((id: string) => id);
    const user = cached(load, { cache, name: "user", ttlMs: 5 });
    await user("1");
    lone.clock.advance(5);
    await user("1");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("shares what its namespace is told", async () => {
    const load = vi.fn((user: number, job: number) => user + job);
    const score = cached(load, { cache, name: "score" });
    await score.namespace.set([1, 2], 12);
    expect(await score(1, 2)).toBe(12);
    expect(score.namespace.peek(1, 2)).toBe(12);
    expect(await score.namespace.getMany([[1, 2]])).toEqual([12]);
    expect(load).not.toHaveBeenCalled();
    await score.namespace.delete(1, 2);
    expect(await score(1, 2)).toBe(3);
    expect(load.mock.calls).toEqual([[1, 2]]);
  });

  test("refuses an argument that is no key part, as a caller without types or a map over a list may hand it", async () => {
    const load = vi.fn((id: string) => id);
    const user = cached(load, { cache, name: "user" });
    await expect(user({} as string)).rejects.toMatchObject({ code: "INVALID_KEY" });
    await expect(["1"].map(user)[0]).rejects.toMatchObject({ code: "INVALID_KEY" });
    expect(load).not.toHaveBeenCalled();
  });
});

/** Answers by its state and counts its calls. */
class Jobs {
  readonly tenant: string;
  calls = 0;

  constructor(tenant: string) {
    this.tenant = tenant;
  }

  async find(id: string): Promise<string> {
    this.calls++;
    return `${this.tenant} ${id}`;
  }
}

/** A cached {@link Jobs.find} in a class of its own, as a decorator changes it. */
function cachedJobs(key: (self: Jobs, id: string) => readonly string[]) {
  class Cached extends Jobs {}
  const decorator = cachedMethod<Jobs, [id: string], string>({ cache, name: "job", key });
  decorate(Cached.prototype, "find", decorator);
  return { Cached, namespace: decorator.namespace };
}

describe("a cached method", () => {
  test("is told apart by the state of the instance that is in its key", async () => {
    const { Cached } = cachedJobs(({ tenant }, id) => [tenant, id]);
    const [acme, other, acmeToo] = [new Cached("acme"), new Cached("other"), new Cached("acme")];
    expect(await acme.find("1")).toBe("acme 1");
    expect(await other.find("1")).toBe("other 1");
    expect(await acmeToo.find("1")).toBe("acme 1");
    expect([acme.calls, other.calls, acmeToo.calls]).toEqual([1, 1, 0]);
  });

  test("is loaded on the instance that asked", async () => {
    const { Cached } = cachedJobs((_, id) => [id]);
    const [first, second] = [new Cached("a"), new Cached("b")];
    await first.find("1");
    lone.clock.advance(10_000);
    expect(await second.find("1")).toBe("b 1");
    expect(await first.find("1")).toBe("b 1");
    expect([first.calls, second.calls]).toEqual([1, 1]);
  });

  test("is reached through its decorator's namespace, whose keys begin with the instance", async () => {
    const { Cached, namespace } = cachedJobs(({ tenant }, id) => [tenant, id]);
    const acme = new Cached("acme");
    await acme.find("1");
    expect(namespace.peek(acme, "1")).toBe("acme 1");
    await namespace.invalidate(acme, "1");
    expect(await namespace.getMany([[acme, "1"]])).toEqual(["acme 1"]);
    expect(acme.calls).toBe(2);
  });

  test("is inherited, and called by super, with the subclass's instance", async () => {
    class Loud extends cachedJobs(({ tenant }, id) => [tenant, id]).Cached {
      override async find(id: string): Promise<string> {
        return `${await super.find(id)}!`;
      }
    }
    const loud = new Loud("acme");
    expect([await loud.find("1"), await loud.find("1")]).toEqual(["acme 1!", "acme 1!"]);
    expect(loud.calls).toBe(1);
  });

  test("may be static, with the class in place of an instance", async () => {
    class Prices extends Jobs {
      static loads = 0;

      static async of(id: number): Promise<number> {
        this.loads++;
        return id * 2;
      }
    }
    const byId = cachedMethod<typeof Prices, [number], number>({ cache, name: "price", key: (_, id) => [id] });
    decorate(Prices, "of", byId);
    expect([await Prices.of(1), await Prices.of(1)]).toEqual([2, 2]);
    expect(Prices.loads).toBe(1);
  });

  test("rejects with what its key throws, as where it is called without its instance", async () => {
    const { Cached } = cachedJobs(({ tenant }, id) => [tenant, id]);
    const find: (id: string) => Promise<string> = Reflect.get(Cached.prototype, "find");
    await expect(find("1")).rejects.toBeInstanceOf(TypeError);
  });

  test("loads nothing before its decorator has seen it", async () => {
    const { namespace } = cachedMethod<Jobs, [string], string>({ cache, name: "job", key: (_, id) => [id] });
    await expect(namespace.get(new Jobs("acme"), "1")).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });
});

describe("a wrong option is refused where it is given:", () => {
  const fn = (id: string): string => id;
  const aMethod = { kind: "method" };
  const spare = new LoneProcess().cache;
  const given = { cache: spare, name: "a" };
  const wrap = (options: object | undefined) => () => cached(fn, options as never);
  const method = (options: object | undefined) => () => cachedMethod(options as never);
  const decorated =
    (name: string, ...contexts: readonly unknown[]) =>
    () => {
      const decorator = cachedMethod({ cache: spare, name, key: () => [1] });
      for (const context of contexts) decorator(async () => 1, context as never);
    };

  test.each<[string, () => unknown, string]>([
    ["a function that is none", () => cached("x" as never, given as never), 'The function handed to cached is "x"'],
    ["no options", wrap(undefined), "cached.cache is undefined; allowed is a cache (an object"],
    ["no cache", wrap({ name: "a" }), "cached.cache is undefined; allowed is a cache (an object"],
    ["a cache that is none", wrap({ name: "a", cache: {} }), "cached.cache is an object; allowed is a cache"],
    ["no name", wrap({ cache: spare }), "The name of a namespace is undefined; allowed is letters"],
    ["a negative ttl", wrap({ ...given, ttlMs: -1 }), "cached.ttlMs is -1; allowed is"],
    ["an unknown name", wrap({ ...given, ttl: 1 }), "cached.ttl is not an option"],
    ["another loader", wrap({ ...given, loadMany: () => [] }), "cached.loadMany is not an option"],
    ["a key that is no function", wrap({ ...given, key: "id" }), 'cached.key is "id"; allowed is a function'],
    ["a method without options", method(undefined), "cachedMethod.cache is undefined"],
    ["a method without a key", method(given), "cachedMethod.key is undefined; allowed is a function"],
    ["a field", decorated("b", { kind: "field" }), 'The decorator "b" decorates something else than a method'],
    ["a legacy decorator", decorated("c", "find"), 'The decorator "c" decorates something else than a method'],
    ["two methods", decorated("d", aMethod, aMethod), 'The decorator "d" decorates a second method'],
    ["a name that is taken", () => [wrap(given)(), wrap(given)()], 'The namespace "a" is declared twice'],
  ])("%s", (_, make, message) => {
    const stated = expect.stringContaining(message);
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_OPTION", message: stated }));
  });

  test("a closed cache accepts no function, and a cached one rejects", async () => {
    const user = cached(fn, { cache, name: "user" });
    await cache.close();
    await expect(user("1")).rejects.toMatchObject({ code: "CLOSED" });
    expect(() => cached(fn, { cache, name: "a" })).toThrow(expect.objectContaining({ code: "CLOSED" }));
  });
});
