import { createCache, guard, minutes, type Policy } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { chaos, manualClock, memoryServer, recordingObserver } from "@tiercache/testing";
import { expect, test } from "vitest";

const KEYS = 10;

test("each step of a pattern passes the policies around its tier, and one that they refuse ends the namespace instead", async () => {
  const clock = manualClock();
  const observer = recordingObserver();
  const server = memoryServer({ clock });
  const tier = chaos(server.tier());
  const executed: string[] = [];
  let refused = "nothing";
  const policy: Policy = {
    async execute(attempt, signal = new AbortController().signal, operation) {
      executed.push(operation?.kind ?? "");
      if (operation?.kind === refused) throw new Error("refused by a policy");
      return attempt({ signal });
    },
  };
  const options = { clock, observer, ttlMs: minutes(10), horizonMs: Number.POSITIVE_INFINITY };
  const cache = createCache({ tiers: [lru(), guard(tier, policy)], ...options });
  const users = cache.namespace<number>("user");
  const fill = async (): Promise<void> => {
    for (let key = 0; key < KEYS; key++) await users.setMany([`7-${key}`, `9-${key}`].map((id) => [id, key] as const));
    await users.set("8", 8);
    await cache.drain();
  };
  await fill();
  expect(await users.invalidatePattern("7-*")).toEqual({ status: "done" });
  expect(executed.filter((each) => each === "scan")).toHaveLength(tier.count("scan"));
  expect(tier.count("scan")).toBeGreaterThan(2);
  expect([await users.get("7-0"), await users.get("8")]).toEqual([undefined, 8]);
  await fill();
  refused = "scan";
  await users.invalidatePattern("7-*");
  expect(observer.of("pattern-invalidated").at(-1)).toMatchObject({ why: "failed" });
  expect([await users.get("7-0"), await users.get("8")]).toEqual([undefined, undefined]);
});
