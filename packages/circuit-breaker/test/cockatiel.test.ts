import { createCache, guard, guardLoader, type LoaderContext, type Policy } from "@tiercache/core";
import { chaos, manualClock, memoryServer, memoryTier, recordingObserver } from "@tiercache/testing";
import {
  bulkhead,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  handleAll,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import { expect, test, vi } from "vitest";

// These are assignments that have to type-check: cockatiel's policies are policies as they are.
const policies: Readonly<Record<string, () => Policy>> = {
  retry: () => retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(0) }),
  timeout: () => timeout(10_000, TimeoutStrategy.Aggressive),
  bulkhead: () => bulkhead(10, 10),
  circuitBreaker: () => circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(1) }),
  wrap: () => wrap(bulkhead(10), timeout(10_000, TimeoutStrategy.Cooperative)),
};

test.each(Object.entries(policies))(
  "cockatiel's %s stands around a tier with all that it can do",
  async (_, policy) => {
    const clock = manualClock();
    const tier = memoryServer({ clock }).tier();
    const cache = createCache({ tiers: [guard(tier, policy())], clock });
    const users = cache.namespace("user", { load: (id) => `loaded ${id}` });
    expect(await users.get("7")).toBe("loaded 7");
    await cache.drain();
    expect(await users.read("7")).toMatchObject({ value: "loaded 7", source: "memory" });
    expect(await users.invalidate("7")).toEqual({ status: "done" });
    expect(await users.read("7", { from: "cached" })).toMatchObject({ value: undefined });
  },
);

test("cockatiel's retry repeats a load, and its own errors reach the readers as they are", async () => {
  const clock = manualClock();
  const load = vi.fn((id: string, { signal }: LoaderContext) => {
    if (load.mock.calls.length < 3) throw new Error("not yet");
    return `${id} ${signal.aborted}`;
  });
  const users = createCache({ tiers: [memoryTier({ clock })], clock }).namespace("user", {
    load: guardLoader(load, retry(handleAll, { maxAttempts: 5, backoff: new ConstantBackoff(0) })),
  });
  expect(await users.get("7")).toBe("7 false");
  expect(load).toHaveBeenCalledTimes(3);
  const full = guardLoader(load, bulkhead(0, 0));
  const cache = createCache({ tiers: [memoryTier({ clock })], clock });
  await expect(cache.namespace("user", { load: full }).get("7")).rejects.toMatchObject({
    isBulkheadRejectedError: true,
  });
});

test("the refusals of cockatiel's breaker around a tier are failures of the tier, and end in the cache's own", async () => {
  const clock = manualClock();
  const observer = recordingObserver();
  const tier = chaos(memoryTier({ clock }));
  const theirs = circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(1) });
  const cache = createCache({ tiers: [guard(tier, theirs)], clock, observer });
  const users = cache.namespace("user", { load: (id) => id });
  tier.fail();
  for (let read = 0; read < 5; read++) expect(await users.get(`${read}`)).toBe(`${read}`);
  expect(tier.count("read")).toBe(1);
  expect(observer.of("breaker-changed")[0]).toMatchObject({ tier: "memory", state: "open" });
});
