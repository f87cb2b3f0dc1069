import type { RemoteTier } from "@tiercache/core";
import { expect, test } from "vitest";
import { manualClock } from "../manual-clock.ts";
import { memoryServer } from "../memory/memory-server.ts";
import type { MemoryTier } from "../memory/memory-tier.ts";
import { remoteTierSuite } from "./remote-tier-suite.ts";

/** The titles of the cases that fail when some of a sound tier's members are replaced. */
async function failed(change: (tier: MemoryTier) => Partial<RemoteTier>): Promise<string[]> {
  const titles: string[] = [];
  const suite = remoteTierSuite(() => {
    const clock = manualClock();
    const sound = memoryServer({ clock }).tier();
    const tier: RemoteTier = {
      name: "changed",
      now: () => sound.now(),
      readMany: (keys) => sound.readMany(keys),
      write: (key, frame, call) => sound.write(key, frame, call),
      remove: (keys) => sound.remove(keys),
      close: () => sound.close(),
      ...change(sound),
    };
    return { tier, advance: (ms) => clock.advance(ms) };
  });
  for (const { title, run } of suite) await run().catch(() => titles.push(title));
  return titles;
}

test("a sound tier fails no case", async () => {
  expect(await failed(() => ({}))).toEqual([]);
});

test("a tier that leaves gaps out is found out", async () => {
  const titles = await failed((sound) => ({
    readMany: async (keys) => (await sound.readMany(keys)).filter((frame) => frame !== undefined),
  }));
  expect(titles).toContain("many keys come back in their order, with gaps and duplicates");
});

test("a tier that hands out its own bytes is found out", async () => {
  const frames = new Map<string, Uint8Array>();
  const titles = await failed(() => ({
    readMany: async (keys) => keys.map((key) => frames.get(key)),
    write: async (key, frame) => void frames.set(key, new Uint8Array(frame)),
  }));
  expect(titles).toContain("a frame that was returned belongs to the caller");
});

test("a tier that keeps a view of its input is found out", async () => {
  const titles = await failed((sound) => ({
    async write(key, frame, call) {
      await Promise.resolve();
      await sound.write(key, frame, call);
    },
  }));
  expect(titles).toEqual(["the tier keeps no view of the bytes it was given"]);
});

test("a tier that rounds a short life down to none at all is found out", async () => {
  const titles = await failed((sound) => ({
    write: (key, frame, call) => {
      const ttlMs = Math.floor(call.ttlMs);
      return sound.write(key, frame, { ttlMs: ttlMs === 0 ? Number.POSITIVE_INFINITY : ttlMs });
    },
  }));
  expect(titles).toEqual(["a life below 1 ms is neither refused nor without end"]);
});

test("a tier that never forgets is found out", async () => {
  const titles = await failed((sound) => ({
    write: (key, frame) => sound.write(key, frame, { ttlMs: Number.POSITIVE_INFINITY }),
  }));
  expect(titles).toContain("a frame is gone after its life");
});

test("a tier without a time of its own is found out", async () => {
  const titles = await failed(() => ({ now: () => undefined }));
  expect(titles).toContain("the tier's time is known once it has answered a read");
});
