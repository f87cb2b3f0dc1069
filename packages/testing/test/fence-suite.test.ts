import { FRAME_IDENTITY } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { chaos, fenceSuite } from "../src/index.ts";
import { changed, failedFence, failedIn, held, opened } from "./broken-tier.ts";

const { stateAt, awaited } = FRAME_IDENTITY;

describe("a memory tier", () => {
  for (const { title, run } of fenceSuite(() => opened((tier) => tier))) test(title, run);
});

describe("a chaos tier", () => {
  for (const { title, run } of fenceSuite(() => opened(chaos))) test(title, run);
});

test("a sound fence fails no case", async () => {
  expect(await failedFence(() => ({}))).toEqual([]);
});

test("a tier without a fence fails every case", async () => {
  const suite = fenceSuite(() => opened((tier) => changed(tier, { fence: undefined })));
  expect(await failedIn(suite)).toEqual(suite.map(({ title }) => title));
});

test("a tier without a bus has nothing to announce", async () => {
  expect(await failedIn(fenceSuite(() => opened((tier) => changed(tier, { bus: undefined }))))).toEqual([]);
});

describe("announcing", () => {
  test("every commit is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async commit(key, { announce, ...commit }) {
        const done = await sound.commit(key, commit);
        if (done && announce !== undefined) await tier.bus.publish(announce);
        return done;
      },
    }));
    expect(titles).toContain("what nobody waits for is not announced");
  });

  test("a refused commit is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async commit(key, commit) {
        const done = await sound.commit(key, commit);
        if (!done && commit.announce !== undefined) await tier.bus.publish(commit.announce);
        return done;
      },
    }));
    expect(titles).toEqual(["what is refused is not announced"]);
  });

  test("before the change is found out", async () => {
    const titles = await failedFence((sound, tier) => ({
      async commit(key, { announce, ...commit }) {
        const isAwaited = (await held(tier, key))?.[stateAt] === awaited;
        if (isAwaited && announce !== undefined) await tier.bus.publish(announce);
        await new Promise(setImmediate);
        return sound.commit(key, commit);
      },
      async release(key, { announce, ...release }) {
        const isAwaited = (await held(tier, key))?.[stateAt] === awaited;
        if (isAwaited && announce !== undefined) await tier.bus.publish(announce);
        await new Promise(setImmediate);
        return sound.release(key, release);
      },
    }));
    expect(titles).toContain("a commit that somebody waits for is announced, and found done by who hears of it");
    expect(titles).toContain("a release that somebody waits for is announced, and found done by who hears of it");
  });

  test("nothing is found out", async () => {
    const titles = await failedFence((sound) => ({
      commit: (key, commit) => sound.commit(key, { ...commit, announce: undefined }),
      release: (key, release) => sound.release(key, { ...release, announce: undefined }),
    }));
    expect(titles).toEqual([
      "a commit that somebody waits for is announced, and found done by who hears of it",
      "a release that somebody waits for is announced, and found done by who hears of it",
    ]);
  });

  test("something where nothing was given is found out", async () => {
    const titles = await failedFence((sound) => ({
      commit: (key, commit) => sound.commit(key, { announce: "ended", ...commit }),
    }));
    expect(titles).toEqual(["what is not to be announced is not"]);
  });
});
