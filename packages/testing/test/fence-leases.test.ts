import { FRAME_IDENTITY } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { failedFence, hasRevision, held } from "./broken-tier.ts";

const { stateAt, leased, awaited } = FRAME_IDENTITY;
const call = { signal: new AbortController().signal };
const forever = { ...call, ttlMs: Number.POSITIVE_INFINITY };

describe("leases", () => {
  test("that overwrite are found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async acquire(leases, { leaseMs }) {
        for (const { key, placeholder } of leases) await tier.write(key, placeholder, { ttlMs: leaseMs });
        return leases.map(() => true);
      },
    }));
    expect(titles).toContain("no lease is granted where anything is, and that is left as it is");
    expect(titles).toContain("of many who ask at the same time one is granted the lease");
  });

  test("that look first and write later are found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async acquire(leases, { leaseMs }) {
        const frames = await tier.readMany(leases.map(({ key }) => key));
        for (const [index, { key, placeholder }] of leases.entries()) {
          if (frames[index] === undefined) await tier.write(key, placeholder, { ttlMs: leaseMs });
        }
        return frames.map((frame) => frame === undefined);
      },
    }));
    expect(titles).toContain("of many who ask at the same time one is granted the lease");
  });

  test("that are told but not kept are found out", async () => {
    const titles = await failedFence(() => ({ acquire: async (leases) => leases.map(() => true) }));
    expect(titles).toContain("a lease is granted where nothing is, and its placeholder lies there");
  });

  test("that are all granted or none are found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async acquire(leases, asked) {
        const frames = await tier.readMany(leases.map(({ key }) => key));
        const isOver = leases.some(({ over }) => over !== undefined);
        return isOver || frames.every((frame) => frame === undefined)
          ? sound.acquire(leases, asked)
          : leases.map(() => false);
      },
    }));
    expect(titles).toEqual(["leases of many keys are granted one by one, in their order"]);
  });

  test("without an end are found out", async () => {
    const titles = await failedFence((sound) => ({
      acquire: (leases, asked) => sound.acquire(leases, { ...asked, leaseMs: Number.MAX_VALUE }),
    }));
    expect(titles).toContain("a lease is gone after its time, and may be granted again");
    expect(titles).toContain("nothing is committed where nothing is");
  });

  test("that prolong what is there are found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async acquire(leases, asked) {
        const granted = await sound.acquire(leases, asked);
        for (const { key } of leases) await tier.write(key, (await held(tier, key)) ?? Uint8Array.of(), forever);
        return granted;
      },
    }));
    expect(titles).toContain("a lease that is not granted leaves what is there its life");
  });

  test("for whole milliseconds alone are found out", async () => {
    const titles = await failedFence((sound) => ({
      acquire: (leases, asked) => sound.acquire(leases, { ...asked, leaseMs: Math.floor(asked.leaseMs) }),
    }));
    expect(titles).toEqual(["a lease may last less than a millisecond, and longer than the tier can count"]);
  });

  test("for placeholders alone are found out", async () => {
    const titles = await failedFence((sound) => ({
      async acquire(leases, asked) {
        const isOne = leases.every(({ placeholder }) => placeholder[stateAt] === leased);
        return isOne ? sound.acquire(leases, asked) : leases.map(() => false);
      },
    }));
    expect(titles).toContain("what is put there need not be a placeholder");
  });
});

describe("leases over frames", () => {
  test("that are never granted are found out", async () => {
    const titles = await failedFence((sound) => ({
      acquire: (leases, asked) =>
        sound.acquire(
          leases.map(({ key, placeholder }) => ({ key, placeholder })),
          asked,
        ),
    }));
    expect(titles).toContain("a lease is granted over the frame that it says, in whose place its placeholder lies");
  });

  test("that compare nothing are found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async acquire(leases, asked) {
        for (const { key, over } of leases) if (over !== undefined) await tier.remove([key]);
        return sound.acquire(leases, asked);
      },
    }));
    expect(titles).toContain(
      "no lease is granted over another frame, nor over what is none, and that is left as it is",
    );
  });

  test("that are commits are found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      acquire: (leases, asked) =>
        Promise.all(
          leases.map(async (lease) => {
            const { key, placeholder: frame, over: expected } = lease;
            const ttlMs = asked.leaseMs;
            if (expected === undefined) return (await sound.acquire([lease], asked))[0] === true;
            return tier.fence.commit(key, { ...call, frame, expected, ttlMs });
          }),
        ),
    }));
    expect(titles).toEqual([
      "a lease that keeps the frame it lies over has it right behind its placeholder",
      "one that keeps its frame is there as long as that would have been, but no shorter than it lasts",
      "no lease is granted over a placeholder or a tombstone, whatever its revision",
      "a lease over a frame that is gone meanwhile is one of an absent key",
      "a lease over a minimum keeps it, and the next one over that lease does so too",
    ]);
  });

  test("that last as long as the frame are found out", async () => {
    const titles = await failedFence((sound) => ({
      acquire: (leases, asked) => {
        const isOver = leases.some(({ over }) => over !== undefined);
        return sound.acquire(leases, isOver ? { ...asked, leaseMs: 60_000 } : asked);
      },
    }));
    expect(titles).toEqual([
      "a lease over a frame lasts no longer than any other, however long the frame would have",
      "one that keeps its frame is there as long as that would have been, but no shorter than it lasts",
    ]);
  });
});

describe("waiting", () => {
  test("that resets the life is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async wait(key, expected) {
        const there = await sound.wait(key, expected, call);
        const present = await held(tier, key);
        if (there && present !== undefined) await tier.write(key, present, forever);
        return there;
      },
    }));
    expect(titles).toEqual(["waiting makes a lease no longer"]);
  });

  test("that shortens the life is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async wait(key, expected) {
        const there = await sound.wait(key, expected, call);
        const present = await held(tier, key);
        if (there && present !== undefined) await tier.write(key, present, { ttlMs: 50 });
        return there;
      },
    }));
    expect(titles).toEqual(["waiting makes a lease no shorter"]);
  });

  test("that notes nothing is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async wait(key, expected) {
        return hasRevision(await held(tier, key), expected);
      },
    }));
    expect(titles).toContain("that somebody waits stands in the placeholder, of which nothing else changes");
    expect(titles).toContain("a commit that somebody waits for is announced, and found done by who hears of it");
    expect(titles).toContain("a release that somebody waits for is announced, and found done by who hears of it");
  });

  test("that compares nothing is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async wait(key) {
        const present = await held(tier, key);
        if (present === undefined) return false;
        await tier.write(key, present.with(stateAt, awaited), forever);
        return true;
      },
    }));
    expect(titles).toContain(
      "there is nothing to wait for where another lease or a value is, and that is left as it is",
    );
  });

  test("that marks a value is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async wait(key, expected) {
        const present = await held(tier, key);
        if (!hasRevision(present, expected)) return false;
        return tier.fence.commit(key, { ...forever, frame: present.with(stateAt, awaited), expected });
      },
    }));
    expect(titles).toContain(
      "there is nothing to wait for where another lease or a value is, and that is left as it is",
    );
  });

  test("that puts something where nothing is is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async wait(key, expected) {
        if ((await held(tier, key)) === undefined) await tier.write(key, Uint8Array.of(0), forever);
        return sound.wait(key, expected, call);
      },
    }));
    expect(titles).toEqual(["where nothing is there is nothing to wait for, and nothing is put there"]);
  });

  test("that one alone may do is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async wait(key, expected) {
        return (await held(tier, key))?.[stateAt] === awaited ? false : sound.wait(key, expected, call);
      },
    }));
    expect(titles).toEqual(["many may wait for one"]);
  });
});
