import { describe, expect, test } from "vitest";
import { defaultRules } from "../entry/rules.ts";
import { CacheError } from "../errors.ts";
import { singleLoader } from "./batch-result.ts";
import { LoadTools, ofOneKey } from "./load-tools.ts";
import { isMark, LoadFailure, UNCHANGED } from "./loader-outcome.ts";

const noTags = (): readonly string[] => [];
const nothingLearned = { add: () => {} };
const nothingStale = new LoadTools([undefined, undefined], noTags, nothingLearned);

describe("the tools of a load", () => {
  test("may be taken out of their context and called by themselves", () => {
    const { keepFor, setEtag, unchanged, failed } = new LoadTools([undefined], noTags, nothingLearned);
    keepFor(5);
    setEtag(0, "one");
    expect([unchanged(), failed("why")].map(isMark)).toEqual([true, true]);
  });

  test("lay what the loader said over the rules, also for no value, and leave the rules as they are", () => {
    const tools = new LoadTools([undefined], noTags, nothingLearned);
    const rules = { ...defaultRules, negativeTtlMs: 10 };
    expect(tools.rulesOver(rules)).toBe(rules);
    tools.keepFor(7);
    tools.keepFor(5);
    expect(tools.rulesOver(rules)).toEqual({ ...rules, ttlMs: 5, negativeTtlMs: undefined });
    expect(rules.negativeTtlMs).toBe(10);
  });

  test("know that something was marked", () => {
    const tools = new LoadTools([undefined], noTags, nothingLearned);
    expect(tools.hasMarked).toBe(false);
    tools.keepFor(5);
    tools.setEtag(0, "one");
    expect(tools.hasMarked).toBe(false);
    void ofOneKey(tools).unchanged();
    expect(tools.hasMarked).toBe(true);
  });

  test("make no signal before it is asked for, and have fired it if that comes late", () => {
    const tools = new LoadTools([undefined], noTags, nothingLearned);
    const context = ofOneKey(tools);
    const reason = new CacheError("LOAD_TIMEOUT", "too late");
    tools.abandon(reason);
    expect(context.signal.aborted).toBe(true);
    expect(context.signal.reason).toBe(reason);
    expect(context.signal).toBe(tools.signal);
  });

  test("of one key name the version of that key", () => {
    const tools = new LoadTools([undefined], noTags, nothingLearned);
    ofOneKey(tools).setEtag("one");
    expect(tools.etagAt(0)).toBe("one");
    expect(nothingStale.etagAt(1)).toBeUndefined();
  });
});

describe("a batch loader as the loader of one key", () => {
  test("hands through what it returns in place of a value", async () => {
    const failure = new Error("no such row");
    for (const [mark, expected] of [
      ["unchanged", UNCHANGED],
      ["failed", new LoadFailure(failure)],
    ] as const) {
      const load = singleLoader<[id: string], string>("text", (_keys, context) => [context[mark](failure)]);
      expect(await load("1", ofOneKey(new LoadTools([undefined], noTags, nothingLearned)))).toEqual(expected);
    }
  });

  test("is given the key's arguments, what is stale of it, and one signal", async () => {
    const tools = new LoadTools([{ value: "old", etag: "one", ageMs: 5 }], noTags, nothingLearned);
    const load = singleLoader<[id: string, part: number], unknown>("text", (keys, { stale, signal }) => [
      [keys, stale, signal === tools.signal],
    ]);
    expect(await load("1", 2, ofOneKey(tools))).toEqual([[["1", 2]], [{ value: "old", etag: "one", ageMs: 5 }], true]);
  });
});
