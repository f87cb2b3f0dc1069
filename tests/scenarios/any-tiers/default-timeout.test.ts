import { cached, minutes } from "@tiercache/core";
import { describe, expect, vi } from "vitest";
import { inWorlds, type World } from "../matrix.ts";

const inEveryWorld = inWorlds();

const never = () => new Promise<string>(() => {});
const timedOut = expect.objectContaining({
  code: "LOAD_TIMEOUT",
  message: 'A load of namespace "text" took over 60000 ms.',
});

/** Whether a promise has been settled by now. */
async function hasEnded(world: World, promise: Promise<unknown>): Promise<boolean> {
  let ended = false;
  const note = (): void => {
    ended = true;
  };
  promise.then(note, note);
  await world.settled();
  return ended;
}

describe("a loader that never ends, where nobody has said how long it may take,", () => {
  inEveryWorld("gives all of its readers a LOAD_TIMEOUT after a minute, and not before", async (world) => {
    const texts = world.process().namespace("text", { load: never });
    const reads = Promise.allSettled([
      texts.get("a"),
      texts.getMany(["a", "b"]),
      texts.getOrLoad("a", never),
      texts.read("a"),
      texts.read("a", { skipReading: world.tierNames.slice(0, 1) }),
      texts.getOrLoad("c", never),
    ]);
    const settled = texts.getManySettled(["a", "d"]);
    await world.settled();
    world.clock.advance(minutes(1) - 1);
    expect(await hasEnded(world, Promise.race([reads, settled]))).toBe(false);
    world.clock.advance(1);
    const rejected = { status: "rejected", reason: timedOut };
    expect(await reads).toEqual(Array.from({ length: 6 }, () => rejected));
    expect(await settled).toEqual([rejected, rejected]);
    expect(world.clock.pending).toBe(0);
  });

  inEveryWorld("is so in a batch, and for a function in front of which a cache was put", async (world) => {
    const cache = world.process();
    const batches = cache.namespace("text", { loadMany: () => new Promise<string[]>(() => {}) });
    const fn = cached(async (_id: string) => never(), { cache, name: "fn" });
    const reads = Promise.allSettled([batches.get("a"), fn("a")]);
    await world.settled();
    world.clock.advance(minutes(1));
    const code = { status: "rejected", reason: expect.objectContaining({ code: "LOAD_TIMEOUT" }) };
    expect(await reads).toEqual([code, code]);
  });

  inEveryWorld("is told so by its signal, and keeps drain waiting no longer", async (world) => {
    const signals: AbortSignal[] = [];
    const cache = world.process();
    const texts = cache.namespace("text", {
      load: (_id, { signal }) => {
        signals.push(signal);
        return never();
      },
    });
    const read = texts.get("a").catch((error: unknown) => error);
    await world.settled();
    const draining = cache.drain();
    world.clock.advance(minutes(1) - 1);
    expect(await hasEnded(world, draining)).toBe(false);
    expect(signals[0]?.aborted).toBe(false);
    world.clock.advance(1);
    await draining;
    expect(await read).toEqual(timedOut);
    expect(signals[0]?.reason).toEqual(timedOut);
  });

  inEveryWorld("and hears nothing of the end of the cache answers its readers then too", async (world) => {
    const cache = world.process();
    const texts = cache.namespace("text", { load: never });
    const read = texts.get("a").catch((error: unknown) => error);
    const batch = texts.getManySettled(["a"]);
    await world.settled();
    world.clock.advance(minutes(1) - 1);
    await cache.close();
    expect(await hasEnded(world, read)).toBe(false);
    world.clock.advance(1);
    expect(await read).toEqual(timedOut);
    expect(await batch).toEqual([{ status: "rejected", reason: timedOut }]);
    expect(world.clock.pending).toBe(0);
    await cache.drain();
  });

  inEveryWorld("behind a stale answer makes room for the next refresh after a minute", async (world) => {
    const load = vi.fn<() => Promise<string>>().mockResolvedValueOnce("v").mockImplementation(never);
    const rules = { load, ttlMs: 100, staleWhileRevalidateMs: minutes(5), retryLoadAfterMs: 10 };
    const texts = world.process().namespace("text", rules);
    await texts.get("a");
    await world.settled();
    world.clock.advance(200);
    expect(await texts.get("a")).toBe("v");
    await world.settled();
    world.clock.advance(minutes(1) - 1);
    expect(await texts.get("a")).toBe("v");
    expect(load).toHaveBeenCalledTimes(2);
    world.clock.advance(1);
    await world.settled();
    world.clock.advance(10);
    expect(await texts.get("a")).toBe("v");
    await world.settled();
    expect(load).toHaveBeenCalledTimes(3);
  });
});

describe.each(["cache", "namespace"] as const)("Infinity for the hard timeout of a %s", (owner) => {
  inEveryWorld("lets a loader take as long as it likes", async (world) => {
    const rules = { hardTimeoutMs: Number.POSITIVE_INFINITY };
    const answer = Promise.withResolvers<string>();
    const cache = world.process(owner === "cache" ? rules : {});
    const texts = cache.namespace("text", { load: () => answer.promise, ...(owner === "namespace" ? rules : {}) });
    const read = texts.get("a");
    await world.settled();
    // Longer than a timer can run.
    world.clock.advance(2 ** 31 + 1);
    expect(await hasEnded(world, read)).toBe(false);
    answer.resolve("at last");
    expect(await read).toBe("at last");
    await world.settled();
    await world.everyTierHolds(texts, "a", "at last");
  });
});

describe("Infinity for the hard timeout", () => {
  inEveryWorld(
    "leaves a reader his own way to end the wait, and the end of the cache tells the loader",
    async (world) => {
      let told: unknown;
      const cache = world.process({ hardTimeoutMs: Number.POSITIVE_INFINITY });
      const texts = cache.namespace("text", {
        load: (_id, { signal }) =>
          new Promise<string>((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              told = signal.reason;
              reject(signal.reason);
            });
          }),
      });
      const leaving = new AbortController();
      const left = texts.read("a", { signal: leaving.signal });
      const read = texts.get("b").catch((error: unknown) => error);
      await world.settled();
      leaving.abort(new Error("gone"));
      await expect(left).rejects.toThrow("gone");
      await cache.close();
      expect(await read).toMatchObject({ code: "CLOSED" });
      expect(told).toMatchObject({ code: "CLOSED" });
    },
  );
});
