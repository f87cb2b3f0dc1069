import { patternPart, type RemoteTier } from "@tiercache/core";
import { chaos } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";
import { inWorlds } from "../matrix.ts";

const declaration = { key: (user: string, job: number): readonly [string, number] => [user, job] };

describe("in any tiers", () => {
  const scenario = inWorlds();

  scenario("what matches is gone from every tier, and nothing else is", async (world) => {
    const cache = world.process();
    const scores = cache.namespace<string, [string, number]>("score", declaration);
    for (const user of ["1", "12", "*"]) for (const job of [1, 2, 3]) await scores.set([user, job], user);
    expect(await cache.invalidatePattern("score:1:*")).toEqual({ status: "done" });
    for (const job of [1, 2, 3]) {
      await world.everyTierHolds(scores, ["1", job], undefined);
      await world.everyTierHolds(scores, ["12", job], "12");
    }
    await scores.invalidatePattern(`${patternPart("*")}:?`);
    await world.everyTierHolds(scores, ["*", 1], undefined);
    await world.everyTierHolds(scores, ["12", 1], "12");
  });

  scenario("a load that is running answers those who wait, and is not kept", async (world) => {
    const loads: PromiseWithResolvers<string>[] = [];
    const load = (): Promise<string> => {
      const next = Promise.withResolvers<string>();
      loads.push(next);
      return next.promise;
    };
    const scores = world.process().namespace("score", { ...declaration, load });
    const early = scores.get("1", 1);
    while (loads.length === 0) await world.settled();
    await scores.invalidatePattern("1:*");
    const late = scores.get("1", 1);
    while (loads.length === 1) await world.settled();
    loads[0]?.resolve("before");
    loads[1]?.resolve("after");
    expect(await Promise.all([early, late])).toEqual(["before", "after"]);
    await world.settled();
    expect(await scores.get("1", 1)).toBe("after");
  });

  scenario("with allowUnbounded a pattern may begin with anything", async (world) => {
    const scores = world.process().namespace<string, [string, number]>("score", declaration);
    await scores.set(["1", 7], "a");
    await scores.set(["2", 7], "b");
    await scores.set(["2", 8], "c");
    await scores.invalidatePattern("*:7", { allowUnbounded: true });
    expect([scores.peek("1", 7), await scores.get("2", 7), await scores.get("2", 8)]).toEqual([
      undefined,
      undefined,
      "c",
    ]);
  });
});

describe("on a server with a fence and a bus", () => {
  let fleet: FencedFleet;

  beforeEach(() => {
    fleet = new FencedFleet();
  });

  test("other processes forget what matches, also what the server has not any longer", async () => {
    const [one, other] = [fleet.process(), fleet.process()];
    const [here, there] = [one, other].map(({ cache }) =>
      cache.namespace<string, [string, number]>("score", declaration),
    );
    for (const job of [1, 2]) await there?.set(["1", job], "old");
    await there?.set(["2", 1], "kept");
    fleet.server.evict("score:1:2");
    await here?.invalidatePattern("1:*");
    await fleet.settled();
    expect([there?.peek("1", 1), there?.peek("1", 2), there?.peek("2", 1)]).toEqual([undefined, undefined, "kept"]);
  });

  test("a load of another process that began before fills nothing", async () => {
    const [one, other] = [fleet.process(), fleet.process()];
    const loaded = Promise.withResolvers<string>();
    const there = other.cache.namespace("score", { ...declaration, load: () => loaded.promise });
    const here = one.cache.namespace<string, [string, number]>("score", declaration);
    const read = there.get("1", 1);
    while (!fleet.server.keys.includes("score:1:1")) await fleet.settled();
    await here.invalidatePattern("1:*");
    loaded.resolve("before");
    expect(await read).toBe("before");
    await other.cache.drain();
    expect([there.peek("1", 1), await here.get("1", 1)]).toEqual([undefined, undefined]);
  });

  test("keys are looked for in steps, and never removed by more than one call for 512", async () => {
    const { cache, tier } = fleet.process();
    const writer = fleet.process().cache.namespace<string, [string, number]>("score", declaration);
    const scores = cache.namespace<string, [string, number]>("score", declaration);
    for (let job = 0; job < 20; job++) await writer.set(["1", job], "v");
    await scores.invalidatePattern("1:*");
    expect(tier.keysOf("scan").length).toBe(6);
    expect(new Set(tier.keysOf("scan").flat())).toEqual(new Set(["score:1:"]));
    expect(fleet.server.keys.filter((key) => key.startsWith("score:"))).toEqual([]);
    expect(fleet.observer.events).toContainEqual({
      type: "pattern-invalidated",
      namespace: "score",
      keys: 20,
      status: "done",
    });
  });

  test("where a step fails all of the namespace is taken for forgotten, and the observer told", async () => {
    const { cache, tier } = fleet.process();
    const scores = cache.namespace<string, [string, number]>("score", declaration);
    await scores.set(["1", 1], "a");
    await scores.set(["2", 1], "b");
    tier.fail(undefined, "scan");
    expect(await scores.invalidatePattern("1:*")).toEqual({ status: "done" });
    expect([await scores.get("1", 1), await scores.get("2", 1)]).toEqual([undefined, undefined]);
    const told = { namespace: "score", tier: "memory", why: "failed", status: "done" };
    expect(fleet.observer.events).toContainEqual(expect.objectContaining({ type: "pattern-invalidated", ...told }));
  });

  test("while the server is away it is queued, and done as soon as that can be told", async () => {
    const [{ cache, tier }, other] = [fleet.process(), fleet.process()];
    const scores = cache.namespace<string, [string, number]>("score", declaration);
    const there = other.cache.namespace<string, [string, number]>("score", declaration);
    await scores.set(["1", 1], "old");
    tier.fail();
    expect(await scores.invalidatePattern("1:*")).toEqual({ status: "queued" });
    expect(scores.peek("1", 1)).toBeUndefined();
    await expect(scores.invalidatePattern("1:*", { requireRemote: true })).rejects.toMatchObject({
      code: "TIER_FAILED",
    });
    tier.heal();
    expect(await scores.get("1", 1)).toBeUndefined();
    // In steps that are shorter than the patience with a reply: in a longer one a probe would be given up before it could be answered.
    for (let step = 0; step < 100; step++) {
      fleet.clock.advance(50);
      await fleet.settled();
    }
    expect(await there.get("1", 1)).toBeUndefined();
  });

  test("a server that comes back with older data does not bring back what matched, though no key of it was found", async () => {
    const { cache } = fleet.process();
    const scores = cache.namespace<string, [string, number]>("score", declaration);
    await scores.set(["1", 1], "old");
    const earlier = fleet.server.snapshot();
    fleet.server.evict("score:1:1");
    await scores.invalidatePattern("1:*");
    fleet.server.restart({ keep: earlier });
    await fleet.settled();
    expect(await scores.get("1", 1)).toBeUndefined();
  });

  test("a tier that cannot look through its keys forgets all of the namespace", async () => {
    const whole = fleet.server.tier();
    const unable: RemoteTier = Object.create(whole, { scan: { value: undefined } });
    const bound = chaos(
      new Proxy(unable, {
        get: (_, name) => {
          if (name === "scan") return undefined;
          const member: unknown = Reflect.get(whole, name, whole);
          return typeof member === "function" ? member.bind(whole) : member;
        },
      }),
    );
    const { cache } = fleet.process({ tiers: [bound] });
    const scores = cache.namespace<string, [string, number]>("score", declaration);
    await scores.set(["2", 1], "b");
    await scores.invalidatePattern("1:*");
    expect(await scores.get("2", 1)).toBeUndefined();
    expect(fleet.observer.events).toContainEqual(
      expect.objectContaining({ type: "pattern-invalidated", why: "no-scan", status: "done" }),
    );
  });

  test("a value that is set meanwhile stays with who has set it", async () => {
    const { cache, tier } = fleet.process();
    const scores = cache.namespace<string, [string, number]>("score", declaration);
    await scores.set(["1", 1], "old");
    tier.hold("scan");
    const invalidated = scores.invalidatePattern("1:*");
    await tier.whenHeld(1);
    await scores.set(["1", 2], "new");
    tier.release("scan");
    await invalidated;
    expect([scores.peek("1", 1), scores.peek("1", 2)]).toEqual([undefined, "new"]);
  });
});
