import {
  type Cache,
  type CachedMethodDecorator,
  cached,
  cachedMethod,
  isCacheError,
  namespaceOf,
} from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { LoneProcess } from "./l1/lone-process.ts";

let lone: LoneProcess;
let cache: Cache;

beforeEach(() => {
  lone = new LoneProcess();
  cache = lone.cache;
});

function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (isCacheError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return "accepted";
}

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
    expect(find.mock.calls).toEqual([
      [1, "a"],
      [2, "a"],
    ]);
  });

  test("that was synchronous answers with a promise", async () => {
    const square = cached((n: number) => n * n, { cache, name: "square" });
    await expect(square(3)).resolves.toBe(9);
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
    const whose = cached(
      function (this: unknown) {
        return this === undefined ? "nobody's" : "somebody's";
      },
      { cache, name: "whose" },
    );
    expect(await { whose }.whose()).toBe("nobody's");
  });

  test("keeps its name and its number of parameters", () => {
    const findUser = async (id: string): Promise<string> => id;
    const wrapped = cached(findUser, { cache, name: "user" });
    expect(wrapped.name).toBe("findUser");
    expect(wrapped).toHaveLength(1);
  });

  test("is called once for all who wait, who are given its error as it is, and the error is not kept", async () => {
    const failure = new Error("away");
    const load = vi.fn(async (id: string): Promise<string> => {
      if (load.mock.calls.length === 1) throw failure;
      return id;
    });
    const user = cached(load, { cache, name: "user" });
    const both = await Promise.allSettled([user("1"), user("1")]);
    expect(both).toEqual([
      { status: "rejected", reason: failure },
      { status: "rejected", reason: failure },
    ]);
    expect(load).toHaveBeenCalledTimes(1);
    expect(await user("1")).toBe("1");
  });

  test("that throws at once rejects", async () => {
    const failure = new Error("away");
    const broken = cached(
      () => {
        throw failure;
      },
      { cache, name: "broken" },
    );
    await expect(broken()).rejects.toBe(failure);
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
    expect(
      await score.namespace.getMany([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([12, 7]);
    await score.namespace.delete(1, 2);
    expect(await score(1, 2)).toBe(3);
    expect(load.mock.calls).toEqual([
      [3, 4],
      [1, 2],
    ]);
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

/** A class of its own for each test, as a decorator changes it. */
function jobsClass(key: (self: Jobs, id: string) => readonly string[]): typeof Jobs {
  class Decorated extends Jobs {
    override async find(id: string): Promise<string> {
      return super.find(id);
    }
  }
  decorate<Jobs, [string], string>(Decorated.prototype, "find", cachedMethod({ cache, name: "job", key }));
  return Decorated;
}

describe("a cached method", () => {
  test("is told apart by the state of the instance that is in its key", async () => {
    const Decorated = jobsClass(({ tenant }, id) => [tenant, id]);
    const [acme, other, acmeToo] = [new Decorated("acme"), new Decorated("other"), new Decorated("acme")];
    expect(await acme.find("1")).toBe("acme 1");
    expect(await other.find("1")).toBe("other 1");
    expect(await acmeToo.find("1")).toBe("acme 1");
    expect([acme.calls, other.calls, acmeToo.calls]).toEqual([1, 1, 0]);
  });

  test("is loaded on the instance that asked", async () => {
    const Decorated = jobsClass((_, id) => [id]);
    const [first, second] = [new Decorated("a"), new Decorated("b")];
    await first.find("1");
    lone.clock.advance(10_000);
    expect(await second.find("1")).toBe("b 1");
    expect(await first.find("1")).toBe("b 1");
    expect([first.calls, second.calls]).toEqual([1, 1]);
  });

  test("is reached through its namespace, whose keys begin with the instance", async () => {
    const Decorated = jobsClass(({ tenant }, id) => [tenant, id]);
    const acme = new Decorated("acme");
    await acme.find("1");
    const jobs = namespaceOf(acme.find);
    expect(jobs.name).toBe("job");
    expect(jobs.peek(acme, "1")).toBe("acme 1");
    await jobs.invalidate(acme, "1");
    expect(await jobs.getMany([[acme, "1"]])).toEqual(["acme 1"]);
    expect(acme.calls).toBe(2);
  });

  test("is inherited, and called by super, with the subclass's instance", async () => {
    class Loud extends jobsClass(({ tenant }, id) => [tenant, id]) {
      override async find(id: string): Promise<string> {
        return `${await super.find(id)}!`;
      }
    }
    const loud = new Loud("acme");
    expect([await loud.find("1"), await loud.find("1")]).toEqual(["acme 1!", "acme 1!"]);
    expect(loud.calls).toBe(1);
  });

  test("may be static, with the class in place of an instance", async () => {
    class Prices {
      static calls = 0;

      static async of(id: number): Promise<number> {
        this.calls++;
        return id * 2;
      }
    }
    decorate<typeof Prices, [number], number>(
      Prices,
      "of",
      cachedMethod({ cache, name: "price", key: (_, id) => [id] }),
    );
    expect([await Prices.of(1), await Prices.of(1)]).toEqual([2, 2]);
    expect(Prices.calls).toBe(1);
    expect(namespaceOf(Prices.of).peek(Prices, 1)).toBe(2);
  });

  test("keeps its name and its number of parameters", () => {
    const { find } = jobsClass((_, id) => [id]).prototype;
    expect(find.name).toBe("find");
    expect(find).toHaveLength(1);
  });

  test("rejects with what its key throws, as where it is called without its instance", async () => {
    const { find } = jobsClass(({ tenant }, id) => [tenant, id]).prototype;
    await expect(Reflect.apply(find, undefined, ["1"])).rejects.toBeInstanceOf(TypeError);
  });
});

describe("a wrong option is refused where it is given:", () => {
  const fn = (id: string): string => id;

  test.each<[string, () => unknown, string]>([
    [
      "a function that is none",
      () => cached("x" as unknown as typeof fn, { cache, name: "a" }),
      'The function handed to cached is "x"',
    ],
    ["no options", () => cached(fn, undefined as never), "cached.cache is undefined; allowed is a cache (an object"],
    ["no cache", () => cached(fn, { name: "a" } as never), "cached.cache is undefined; allowed is a cache (an object"],
    ["no name", () => cached(fn, { cache } as never), "The name of a namespace is undefined; allowed is letters"],
    ["a negative ttl", () => cached(fn, { cache, name: "a", ttlMs: -1 }), "cached.ttlMs is -1; allowed is"],
    ["an unknown name", () => cached(fn, { cache, name: "a", ttl: 1 } as never), "cached.ttl is not an option"],
    [
      "another loader",
      () => cached(fn, { cache, name: "a", loadMany: () => [] } as never),
      "cached.loadMany is not an option",
    ],
    [
      "a key that is no function",
      () => cached(fn, { cache, name: "a", key: "id" } as never),
      'cached.key is "id"; allowed is a function',
    ],
    [
      "a method without a key",
      () => cachedMethod({ cache, name: "a" } as never),
      "cachedMethod.key is undefined; allowed is a function",
    ],
    ["a method without options", () => cachedMethod(undefined as never), "cachedMethod.cache is undefined"],
    [
      "a field",
      () => cachedMethod({ cache, name: "a", key: () => [1] })(fn as never, { kind: "field" } as never),
      'cachedMethod "a" is applied to something else than a method',
    ],
    [
      "a legacy decorator's arguments",
      () => cachedMethod({ cache, name: "a", key: () => [1] })({} as never, "find" as never),
      'cachedMethod "a" is applied to something else than a method',
    ],
    ["a method that is not cached", () => namespaceOf(async () => 1), "The method handed to namespaceOf is a function"],
    ["no method", () => namespaceOf(undefined as never), "The method handed to namespaceOf is undefined"],
    [
      "a cached function, whose keys hold no instance",
      () => {
        const user = cached(fn, { cache, name: "a" });
        return namespaceOf(user);
      },
      "The method handed to namespaceOf is a function; allowed is a method decorated by cachedMethod",
    ],
    [
      "a name that is taken",
      () => [cached(fn, { cache, name: "a" }), cached(fn, { cache, name: "a" })],
      'The namespace "a" is declared twice',
    ],
  ])("%s", (_, make, message) => {
    expect(refusal(make)).toContain(`INVALID_OPTION ${message}`);
  });

  test("a closed cache accepts no function, and a cached one rejects", async () => {
    const user = cached(fn, { cache, name: "user" });
    await cache.close();
    await expect(user("1")).rejects.toMatchObject({ code: "CLOSED" });
    expect(refusal(() => cached(fn, { cache, name: "a" }))).toContain("CLOSED");
  });
});
