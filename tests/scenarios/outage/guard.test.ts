import { circuitBreaker } from "@tiercache/circuit-breaker";
import {
  type Circuit,
  createCache,
  guard,
  guardLoader,
  type LoaderContext,
  type Operation,
  type Policy,
} from "@tiercache/core";
import { lru } from "@tiercache/lru";
import {
  busSuite,
  chaos,
  fenceSuite,
  manualClock,
  memoryServer,
  memoryTier,
  remoteTierSuite,
} from "@tiercache/testing";
import { describe, expect, test, vi } from "vitest";

/** A policy that notes what it is told, and hands a signal of its own to each attempt. */
function noting(name: string, notes: unknown[]): Policy {
  return {
    async execute(attempt, signal, operation) {
      notes.push([name, operation]);
      return attempt({ signal: signal ?? new AbortController().signal });
    },
  };
}

function guardedServer() {
  const clock = manualClock();
  const server = memoryServer({ clock });
  const guarded = () => guard(server.tier(), noting("outer", []), noting("inner", []));
  return {
    tier: guarded(),
    another: guarded,
    breakBus: () => server.restart({ keep: "all" }),
    advance: (ms: number) => clock.advance(ms),
  };
}

describe("a guarded tier is a tier with all that the tier in it can do:", () => {
  for (const { title, run } of [remoteTierSuite, fenceSuite, busSuite].flatMap((suite) => suite(guardedServer)))
    test(title, run);

  test("it has no ability that the other one lacks", () => {
    const guarded = guard(memoryTier({ clock: manualClock() }), noting("any", []));
    const abilities = ["fence", "bus", "onReady", "unref", "breaker"] as const;
    expect(abilities.filter((ability) => guarded[ability] !== undefined)).toEqual([]);
  });
});

describe("policies", () => {
  test("stand around each call, the first outermost, and are told what it is and never which keys", async () => {
    const clock = manualClock();
    const notes: [string, Operation][] = [];
    const tier = guard(memoryServer({ clock }).tier(), noting("outer", notes), noting("inner", notes));
    const cache = createCache({ tiers: [tier], clock });
    const users = cache.namespace("user", { load: (id) => id });
    await users.getMany(["secret-a", "secret-b"]);
    await cache.drain();
    await users.invalidate("secret-a");
    // Besides the two, the generation of their namespace.
    const read = { kind: "read", target: "memory", keys: 3 };
    const of = (kind: string): unknown => notes.filter(([, operation]) => operation.kind === kind).slice(0, 2);
    expect(of("read")).toEqual([
      ["outer", read],
      ["inner", read],
    ]);
    expect(new Set(notes.map(([, { kind }]) => kind))).toEqual(
      new Set(["echo", "read", "acquire", "commit", "remove"]),
    );
    expect(JSON.stringify(notes)).not.toContain("secret");
  });

  test("cannot make a reader wait longer than the deadline, and hear of it", async () => {
    const clock = manualClock();
    let reason: unknown;
    const endless: Policy = {
      execute: (_attempt, signal) => {
        signal?.addEventListener("abort", () => {
          reason = signal.reason;
        });
        return new Promise(() => {});
      },
    };
    const cache = createCache({ tiers: [guard(memoryTier({ clock }), endless)], clock, deadlineMs: 200 });
    const read = cache.namespace("user", { load: (id) => id }).get("7");
    await new Promise(setImmediate);
    clock.advance(200);
    expect(await read).toBe("7");
    expect(reason).toMatchObject({ code: "TIER_TIMEOUT" });
  });

  test("that throw in place of the tier are failures of it", async () => {
    const clock = manualClock();
    const tier = chaos(memoryTier({ clock }));
    const refusing: Policy = {
      execute() {
        throw new Error("no");
      },
    };
    const cache = createCache({ tiers: [guard(tier, refusing)], clock });
    expect(await cache.namespace("user", { load: (id) => id }).get("7")).toBe("7");
    expect(tier.count()).toBe(0);
  });

  test("may be put around one another in several guards", async () => {
    const clock = manualClock();
    const notes: [string, Operation][] = [];
    const breaker = circuitBreaker({ clock });
    const inner = guard(memoryTier({ clock }), noting("inner", notes), breaker);
    const tier = guard(inner, noting("outer", notes));
    expect(tier.breaker).toBe(breaker.breaker satisfies Circuit);
    await createCache({ tiers: [tier], clock })
      .namespace("user", { load: (id) => id })
      .get("7");
    expect(notes.slice(0, 2).map(([name]) => name)).toEqual(["outer", "inner"]);
    expect(() => guard(inner, circuitBreaker())).toThrow("second breaker");
  });
});

describe("a guarded loader", () => {
  const context = expect.objectContaining({ signal: expect.any(AbortSignal), keepFor: expect.any(Function) });

  test("is given its key, its tools and the policies' signal, one key or many", async () => {
    const notes: unknown[] = [];
    const cache = createCache({ tiers: [lru()] });
    const load = vi.fn((id: string, { keepFor }: LoaderContext) => {
      keepFor(5_000);
      return `one ${id}`;
    });
    const one = cache.namespace("one", { load: guardLoader(load, noting("policy", notes)) });
    expect(await one.get("7")).toBe("one 7");
    expect(load).toHaveBeenCalledWith("7", context);
    const many = cache.namespace("many", {
      loadMany: guardLoader(
        async function scores(keys: readonly [id: string][]) {
          return keys.map(([id]) => `many ${id}`);
        },
        noting("policy", notes),
      ),
    });
    expect(await many.getMany(["1", "2"])).toEqual(["many 1", "many 2"]);
    expect(notes).toEqual([
      ["policy", expect.objectContaining({ kind: "load", keys: 1 })],
      ["policy", { kind: "load", target: "scores", keys: 2 }],
    ]);
  });

  test("whose breaker is open fails at once, or is stood in for by a stale value", async () => {
    const clock = manualClock();
    const breaker = circuitBreaker({ failures: 1, clock });
    const load = vi.fn(() => "v");
    const cache = createCache({ tiers: [lru()], clock });
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };
    const users = cache.namespace("user", { load: guardLoader(load, breaker), ...rules });
    await users.get("7");
    clock.advance(200);
    load.mockImplementationOnce(() => {
      throw new Error("down");
    });
    await expect(users.get("8")).rejects.toThrow("down");
    await expect(users.get("9")).rejects.toMatchObject({ code: "BREAKER_OPEN" });
    expect(await users.read("7")).toMatchObject({ value: "v", stale: "load-failed" });
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("does not count against its breaker a load whose readers have left", async () => {
    const breaker = circuitBreaker({ failures: 1 });
    const cache = createCache({ tiers: [lru()] });
    const load = guardLoader((_id: string, { signal }: LoaderContext) => {
      return new Promise<string>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      });
    }, breaker);
    const leaving = new AbortController();
    const read = cache.namespace("user", { load }).read("7", { signal: leaving.signal });
    await new Promise(setImmediate);
    leaving.abort(new Error("gone"));
    await expect(read).rejects.toThrow("gone");
    expect(breaker.state).toBe("closed");
  });
});

test.each<[() => unknown, string]>([
  [() => guard({} as never), "The first argument of guard is an object"],
  [() => guard(memoryTier({ clock: manualClock() }), {} as never), "Policy 1 of guard is an object"],
  [() => guardLoader("load" as never), 'The first argument of guardLoader is "load"'],
  [() => guardLoader(() => 1, noting("any", []), undefined as never), "Policy 2 of guardLoader is undefined"],
])("%s is refused by name", (make, message) => {
  expect(make).toThrow(message);
});
