import { type Commit, type Fence, FRAME_IDENTITY } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import type { MemoryTier } from "../src/index.ts";
import { failedFence, hasRevision, held, revisionOf } from "./broken-tier.ts";

const { stateAt, leased, awaited } = FRAME_IDENTITY;
const forever = { ttlMs: Number.POSITIVE_INFINITY };

/** A sound commit but for what it is given. */
function committing(
  tier: MemoryTier,
  change: (commit: Commit, frame: Uint8Array | undefined) => Commit,
): Fence["commit"] {
  return async (key, commit) => tier.fence.commit(key, change(commit, await held(tier, key)));
}

describe("a commit", () => {
  test("without a comparison is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async commit(key, { frame, ttlMs }) {
        await tier.write(key, frame, { ttlMs });
        return true;
      },
    }));
    expect(titles).toContain("every byte of a revision counts, and no other byte");
    expect(titles).toContain("nothing is committed where nothing is");
    expect(titles).toContain("who has lost his lease to another is refused, and the other is not");
    expect(titles).toContain("what is too short to be a frame is never replaced");
  });

  test("that takes absence for permission is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async commit(key, commit) {
        if ((await held(tier, key)) !== undefined) return sound.commit(key, commit);
        await tier.write(key, commit.frame, commit);
        return true;
      },
    }));
    expect(titles).toContain("nothing is committed where nothing is");
  });

  test("that compares first and writes later is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async commit(key, { frame, expected, ttlMs }) {
        const present = await held(tier, key);
        if (!hasRevision(present, expected)) return false;
        await tier.write(key, frame, { ttlMs });
        return true;
      },
    }));
    expect(titles).toContain("of many commits at the same time one is accepted");
  });

  test("that compares whole placeholders is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async commit(key, commit) {
        return (await held(tier, key))?.[stateAt] === leased ? sound.commit(key, commit) : false;
      },
    }));
    expect(titles).toContain(
      "a frame takes the place of the frame with the expected revision, in whatever state that is",
    );
    expect(titles).toContain("who waited may be committed to, and then there is nothing to wait for");
  });

  test.each([1, 8, 15])("that compares %i bytes of a revision is found out", async (bytes) => {
    const titles = await failedFence((_, tier) => ({
      commit: committing(tier, (commit, frame) => {
        if (frame === undefined || frame.length < 24) return commit;
        const begins = Buffer.from(revisionOf(frame).subarray(0, bytes)).equals(commit.expected.subarray(0, bytes));
        return begins ? { ...commit, expected: revisionOf(frame) } : commit;
      }),
    }));
    expect(titles).toContain("every byte of a revision counts, and no other byte");
  });

  test("that drops the life is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      commit: committing(tier, (commit) => ({ ...commit, ttlMs: Number.POSITIVE_INFINITY })),
    }));
    expect(titles).toContain("a committed frame lives as long as it is committed for");
  });

  test("that keeps the life of the lease is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async commit(key, commit) {
        const done = await sound.commit(key, { ...commit, ttlMs: 100 });
        if (commit.ttlMs <= 100 && done) await tier.write(key, commit.frame, commit);
        return done;
      },
    }));
    expect(titles).toEqual(["a committed frame lives as long as it is committed for"]);
  });

  test("that is refused and prolongs what is there is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async commit(key, commit) {
        const done = await sound.commit(key, commit);
        const present = await held(tier, key);
        if (!done && present !== undefined) await tier.write(key, present, commit);
        return done;
      },
    }));
    expect(titles).toContain("a refused commit leaves what is there its life");
  });

  test("that fails on what is too short is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async commit(key, commit) {
        const present = await held(tier, key);
        if (present !== undefined && present.length < 24) throw new Error("no frame");
        return sound.commit(key, commit);
      },
    }));
    expect(titles).toEqual(["what is too short to be a frame is never replaced"]);
  });
});

describe("a release", () => {
  test("without a comparison is found out", async () => {
    const titles = await failedFence((_, tier) => ({
      async release(key) {
        await tier.remove([key]);
        return true;
      },
    }));
    expect(titles).toContain("what has another revision or is no frame is not released");
    expect(titles).toContain("where nothing is nothing is released");
  });

  test("of leases that nobody waits for alone is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async release(key, release) {
        return (await held(tier, key))?.[stateAt] === awaited ? false : sound.release(key, release);
      },
    }));
    expect(titles).toContain("a lease that somebody waits for is released like any other, and so is a frame");
  });

  test("that only ends the lease's time is found out", async () => {
    const titles = await failedFence(() => ({ release: async () => true }));
    expect(titles).toContain("a released lease is gone, and may be granted at once");
  });

  test("that is refused and prolongs what is there is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async release(key, release) {
        const done = await sound.release(key, release);
        const present = await held(tier, key);
        if (!done && present !== undefined) await tier.write(key, present, forever);
        return done;
      },
    }));
    expect(titles).toEqual(["what is not released keeps its life"]);
  });
});
