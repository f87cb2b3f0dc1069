import type { Scan } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { chaos, type MemoryTier, scanSuite } from "../src/index.ts";
import { changed, failedIn, opened } from "./broken-tier.ts";

describe.each<readonly [string, (tier: MemoryTier) => ReturnType<typeof changed>]>([
  ["a memory server", (tier) => tier],
  ["a tier of chaos that has nothing to do", (tier) => chaos(tier)],
])("%s", (_, wrapped) => {
  for (const { title, run } of scanSuite(() => opened(wrapped))) test(title, run);
});

/** The titles of the cases that fail where a sound scan is replaced. */
function failedScan(change: (sound: Scan) => Scan): Promise<string[]> {
  return failedIn(scanSuite(() => opened((tier) => changed(tier, { scan: change(tier.scan) }))));
}

describe("a look through the keys", () => {
  test("that ends too early is found out", async () => {
    const titles = await failedScan((sound) => ({
      step: async (prefix, call) => ({ ...(await sound.step(prefix, call)), cursor: undefined }),
    }));
    expect(titles).toContain("many keys are found in several steps, none of them missing");
  });

  test("that takes a beginning for a pattern is found out", async () => {
    const titles = await failedScan((sound) => ({
      async step(prefix, call) {
        const pattern = new RegExp(`^${prefix.replaceAll("?", ".").replaceAll("*", ".*")}`.replaceAll("[", "\\["));
        const { keys, cursor } = await sound.step("", call);
        return { keys: keys.filter((key) => pattern.test(key)), cursor };
      },
    }));
    expect(titles).toContain("nothing in a beginning has a meaning of its own");
  });

  test("that counts places among what comes and goes is found out", async () => {
    const titles = await failedScan((sound) => ({
      async step(prefix, { cursor, signal }) {
        const all: string[] = [];
        let next: string | undefined;
        do {
          const step = await sound.step(prefix, { signal, cursor: next });
          all.push(...step.keys);
          next = step.cursor;
        } while (next !== undefined);
        const from = Number(cursor ?? 0);
        return { keys: all.slice(from, from + 500), cursor: from + 500 < all.length ? String(from + 500) : undefined };
      },
    }));
    expect(titles).toContain("what is there all the time is found, whatever else comes and goes meanwhile");
  });

  test("that finds what begins otherwise is found out", async () => {
    const titles = await failedScan((sound) => ({ step: (prefix, call) => sound.step(prefix.slice(0, -1), call) }));
    expect(titles).toContain("every key that begins as was asked is found, and no other");
  });
});
