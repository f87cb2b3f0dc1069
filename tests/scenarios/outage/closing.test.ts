import { type Bus, createCache, type RemoteTier } from "@tiercache/core";
import { chaos, manualClock, memoryServer } from "@tiercache/testing";
import { expect, test } from "vitest";

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test("closing ends in bounded time though nothing of the tier does", async () => {
  const clock = manualClock();
  const tier = chaos(memoryServer({ clock }).tier());
  const endless = (): Promise<void> => new Promise(() => {});
  const bus: Bus = {
    listen: () => {},
    publish: endless,
    echo: endless,
    close: endless,
  };
  const { name, fence } = tier;
  const hung: RemoteTier = {
    name,
    fence,
    bus,
    now: () => tier.now(),
    readMany: (keys, call) => tier.readMany(keys, call),
    write: (key, frame, call) => tier.write(key, frame, call),
    remove: (keys, call) => tier.remove(keys, call),
    close: () => tier.close(),
  };
  const cache = createCache({ tiers: [hung], clock, deadlineMs: 200 });
  tier.hang();
  void cache.namespace<string>("user").set("7", "v");
  await turn();
  const closing = cache.close();
  for (let passed = 0; passed < 3_000; passed += 100) {
    clock.advance(100);
    await turn();
  }
  await closing;
  expect(clock.pending).toBe(0);
});
