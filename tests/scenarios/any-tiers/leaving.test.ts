import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");

/** A loader that ends when told, and whose signals can be looked at. */
function slow() {
  const signals: AbortSignal[] = [];
  const answer = Promise.withResolvers<string>();
  const load = vi.fn((_id: string, { signal }: { readonly signal: AbortSignal }) => {
    signals.push(signal);
    return answer.promise;
  });
  return { load, signals, answer };
}

describe("a caller who leaves", () => {
  inEveryWorld("gets the reason as it is, and the others get the value", async (world) => {
    const { load, signals, answer } = slow();
    const texts = world.process().namespace("text", { load });
    const leaving = new AbortController();
    const left = texts.read("a", { signal: leaving.signal });
    const staying = texts.get("a");
    await world.settled();
    const reason = new Error("the visitor has gone");
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(signals[0]?.aborted).toBe(false);
    answer.resolve("value");
    expect(await staying).toBe("value");
    expect(load).toHaveBeenCalledTimes(1);
  });

  inEveryWorld("tells the loader when he was the last, and whoever comes next starts anew", async (world) => {
    const { load, signals } = slow();
    const texts = world.process().namespace("text", { load });
    const visitors = [new AbortController(), new AbortController()];
    const reads = Promise.allSettled(visitors.map(({ signal }) => texts.read("a", { signal })));
    await world.settled();
    visitors[0]?.abort();
    expect(signals[0]?.aborted).toBe(false);
    visitors[1]?.abort();
    expect(signals[0]?.reason).toMatchObject({ code: "ABANDONED" });
    await reads;
    void texts.get("a").catch(() => {});
    await world.settled();
    expect(load).toHaveBeenCalledTimes(2);
  });

  withRemote("before it came to the load leaves no load to be made", async (world) => {
    const { load } = slow();
    const texts = world.process().namespace("text", { load });
    const leaving = new AbortController();
    for (const tier of world.remotes) tier.hold("read");
    const left = texts.read("a", { signal: leaving.signal });
    await world.settled();
    leaving.abort();
    await expect(left).rejects.toThrow();
    for (const tier of world.remotes) tier.release();
    await world.settled();
    expect(load).not.toHaveBeenCalled();
  });

  inEveryWorld("does not keep a load that ends all the same from filling, nor from being superseded", async (world) => {
    const { load, answer } = slow();
    const texts = world.process().namespace("text", { load });
    for (const [id, deletes] of [
      ["a", false],
      ["b", true],
    ] as const) {
      const leaving = new AbortController();
      const left = texts.read(id, { signal: leaving.signal }).catch(() => {});
      await world.settled();
      leaving.abort();
      await left;
      if (deletes) await texts.delete(id);
    }
    answer.resolve("value");
    await world.settled();
    await world.everyTierHolds(texts, "a", "value");
    await world.everyTierHolds(texts, "b", undefined);
  });

  inEveryWorld("does not make others wait for the next try, as a load that failed would", async (world) => {
    const load = vi.fn((_id: string, { signal }: { readonly signal: AbortSignal }) => {
      if (load.mock.calls.length !== 2) return `load ${load.mock.calls.length}`;
      return new Promise<string>((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("told to stop")));
      });
    });
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000, retryLoadAfterMs: 500 };
    const texts = world.process().namespace("text", { load, ...rules });
    await texts.get("a");
    await world.settled();
    world.clock.advance(150);
    const leaving = new AbortController();
    const left = texts.read("a", { signal: leaving.signal }).catch(() => {});
    await world.settled();
    leaving.abort();
    await left;
    await world.settled();
    expect(await texts.get("a")).toBe("load 3");
  });

  inEveryWorld("has never come when his signal had fired before", async (world) => {
    const { load } = slow();
    const texts = world.process().namespace("text", { load });
    const reason = new Error("gone already");
    await expect(texts.read("a", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(load).not.toHaveBeenCalled();
    expect(world.calls("read")).toBe(0);
  });

  inEveryWorld("leaves no listener on a signal that serves many reads", async (world) => {
    const texts = world.process().namespace("text", { load: (id) => id });
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, "addEventListener");
    const remove = vi.spyOn(signal, "removeEventListener");
    for (let read = 0; read < 20; read++) await texts.read(`id-${read}`, { signal });
    await world.settled();
    expect(add).toHaveBeenCalledTimes(20);
    expect(remove).toHaveBeenCalledTimes(20);
  });
});
