import { expect, test } from "vitest";
import { EventFeed } from "./event-feed.ts";

function feedAt(time: { now: number }): EventFeed {
  return new EventFeed("1", () => time.now);
}

test("what happens with every request is no event, what is news is", () => {
  const feed = feedAt({ now: 1_000 });
  feed.on({ type: "hit", namespace: "job", tier: "lru" });
  feed.on({ type: "loaded", namespace: "job", keys: 1, durationMs: 3 });
  feed.on({ type: "breaker-changed", tier: "redis", state: "open", was: "closed" });
  const [event, ...others] = feed.after(0);
  expect(others).toEqual([]);
  expect(event).toMatchObject({ text: "redis: breaker closed → open", tone: "bad", instance: "1", times: 1 });
});

test("equal events in a moment are one that counts, and come again as such", () => {
  const time = { now: 1_000 };
  const feed = feedAt(time);
  const dropped = { type: "invalidated-elsewhere", namespace: "ijp", keys: 1 } as const;
  feed.on(dropped);
  const [first] = feed.after(0);
  time.now += 999;
  feed.on(dropped);
  const again = feed.after(first?.number ?? 0);
  expect(again).toHaveLength(1);
  expect(again[0]).toMatchObject({ times: 2, atEpochMs: 1_000 });
  expect(feed.after(0)).toHaveLength(1);
  time.now += 1;
  feed.on(dropped);
  expect(feed.after(0).map(({ times }) => times)).toEqual([2, 1]);
});

test("only the last 200 are remembered", () => {
  const feed = feedAt({ now: 0 });
  for (let run = 1; run <= 250; run++) feed.tell({ tone: "plain", text: `run ${run}` });
  const texts = feed.after(0).map(({ text }) => text);
  expect(texts).toHaveLength(200);
  expect(texts.at(-1)).toBe("run 250");
});
