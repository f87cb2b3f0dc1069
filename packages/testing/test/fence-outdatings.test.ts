import { FRAME_IDENTITY } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { fenceSuite } from "../src/index.ts";
import { changed, failedFence, failedIn, held, opened } from "./broken-tier.ts";

const { stateAt, revisionFrom, outdated, tombstone, minimum } = FRAME_IDENTITY;

describe("an outdating", () => {
  test("that a fence cannot do is no failure", async () => {
    expect(await failedFence(() => ({ outdate: undefined, bury: undefined }))).toEqual([]);
  });

  test("that leaves the revision is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async outdate(outdatings, { announce }) {
        for (const { key } of outdatings) {
          const frame = await held(tier, key);
          if (frame !== undefined && frame.byteLength >= 64) {
            await tier.write(key, frame.with(stateAt, outdated), { ttlMs: 60_000 });
          } else await tier.remove([key]);
        }
        await tier.remove([], { announce });
      },
    }));
    expect(titles).toContain(
      "whoever saw a value before it was out of date may not replace it, and who has seen it since may",
    );
    expect(titles).toContain("a header that was seen before may not prolong what is out of date");
  });

  test("that makes it younger is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async outdate(outdatings, change) {
        await sound.outdate?.(outdatings, change);
        for (const { key, revision } of outdatings) {
          const frame = await held(tier, key);
          if (frame === undefined) continue;
          const whole = new Uint8Array(frame);
          whole.set(revision, revisionFrom);
          await tier.write(key, whole, { ttlMs: 60_000 });
        }
      },
    }));
    expect(titles).toContain("of one that is out of date already the first half of the revision stays");
    expect(titles).toContain("being out of date makes a life neither longer nor shorter");
  });

  test("that spares a lease is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async outdate(outdatings, change) {
        for (const outdating of outdatings) {
          const frame = await held(tier, outdating.key);
          if (frame?.byteLength !== 64) await sound.outdate?.([outdating], { ...change, announce: undefined });
        }
        await tier.remove([], { announce: change.announce });
      },
    }));
    expect(titles).toEqual(["what is no value is removed: a lease, foreign bytes"]);
  });

  test("that is not announced is found out", async () => {
    const titles = await failedFence((sound) => ({
      outdate: async (outdatings, change) => sound.outdate?.(outdatings, { ...change, announce: undefined }),
    }));
    expect(titles).toEqual(["that values are out of date is announced, and found done by who hears of it"]);
  });
});

describe("a burial", () => {
  test("that leaves what is there is found out", async () => {
    const titles = await failedFence((sound) => ({
      bury: async (tombstones, burial) => void (await sound.acquire(tombstones, burial)),
    }));
    expect(titles).toContain("a tombstone takes the place of whatever is there");
    expect(titles).toContain("where a tombstone is no lease is granted, and no right from before it is good");
  });

  test("that removes is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      bury: (tombstones, { announce }) =>
        tier.remove(
          tombstones.map(({ key }) => key),
          { announce },
        ),
    }));
    expect(titles).toContain("a tombstone takes the place of whatever is there");
  });

  test("without an end is found out", async () => {
    const titles = await failedFence((sound) => ({
      bury: async (tombstones, burial) => sound.bury?.(tombstones, { ...burial, leaseMs: 3_600_000 }),
    }));
    expect(titles).toContain("a tombstone is gone after its time, whatever life was there before");
    expect(titles).not.toContain("a tombstone takes the place of whatever is there");
  });

  test("that takes from one that lasts longer is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async bury(tombstones, { leaseMs, announce }) {
        for (const { key, placeholder } of tombstones) await tier.write(key, placeholder, { ttlMs: leaseMs });
        await tier.remove([], { announce });
      },
    }));
    expect(titles).toEqual(["a tombstone takes the place of one that ends before it, and of no other"]);
  });
});

test.each([
  ["a tombstone", tombstone, ["a tombstone outlives a removal, for its time"]],
  [
    "a minimum",
    minimum,
    [
      "a minimum outlives a removal, and no load that began before it is accepted",
      "of a lease over a minimum the minimum outlives a removal, and the lease does not",
    ],
  ],
])("a removal that takes %s is found out", async (_, state, expected) => {
  const suite = fenceSuite(() =>
    opened((tier) =>
      changed(tier, {
        async remove(keys, change) {
          for (const key of keys) {
            await tier.remove([key]);
            // What is left of it is taken by force.
            if ((await held(tier, key))?.[stateAt] === state)
              await tier.write(key, new Uint8Array(1), { ttlMs: 0.001 });
          }
          await tier.remove([], change);
        },
      }),
    ),
  );
  expect(await failedIn(suite)).toEqual(expect.arrayContaining(expected));
});
