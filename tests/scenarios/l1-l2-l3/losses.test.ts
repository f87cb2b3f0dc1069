import { createCache, minutes, type RemoteTier } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { chaos, type MemoryTier, manualClock, memoryServer } from "@tiercache/testing";
import { expect, test } from "vitest";

/** A tier with a fence that announces nothing: where tokens lie, what is from before a loss is not believed at all. */
function silent(tier: MemoryTier): RemoteTier {
  return {
    name: tier.name,
    fence: tier.fence,
    now: () => tier.now(),
    readMany: (keys) => tier.readMany(keys),
    write: (key, frame, call) => tier.write(key, frame, call),
    remove: (keys, call) => tier.remove(keys, call),
    onLoss: (listener) => tier.onLoss(listener),
    close: () => tier.close(),
  };
}

test("what was found in a far tier is not copied into a near one that has lost something meanwhile", async () => {
  const clock = manualClock();
  const [near, far] = [memoryServer({ clock, name: "near" }), memoryServer({ clock, name: "far" })];
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => void setImmediate(resolve));
  };
  const [nearTier, farTier] = [chaos(silent(near.tier())), chaos(far.tier())];
  const options = { clock, ttlMs: minutes(10), horizonMs: Number.POSITIVE_INFINITY };
  const load = (): string => "loaded";
  const writer = createCache({ tiers: [silent(near.tier()), far.tier()], ...options }).namespace("user", { load });
  await writer.get("lost");
  await writer.get("kept");
  await settled();
  for (const key of ["user:lost", "user:kept"]) near.evict(key);
  const users = createCache({ tiers: [lru(), nearTier, farTier], ...options }).namespace("user", { load });
  for (const [key, isLost] of [
    ["kept", false],
    ["lost", true],
  ] as const) {
    farTier.hold("read", "reply");
    const reading = users.get(key);
    await farTier.whenHeld(1);
    clock.advance(1);
    if (isLost) near.restart({ keep: "all" });
    farTier.release();
    await reading;
    await settled();
    expect(nearTier.keysOf("commit").some(([each]) => each === `user:${key}`)).toBe(!isLost);
  }
});
