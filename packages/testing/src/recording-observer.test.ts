import { expect, test } from "vitest";
import { recordingObserver } from "./recording-observer.ts";

test("events are kept in order, counted and picked by type", () => {
  const observer = recordingObserver();
  observer.on({ type: "miss", namespace: "user" });
  observer.on({ type: "loaded", namespace: "user", keys: 1, durationMs: 2 });
  observer.on({ type: "miss", namespace: "order" });
  expect(observer.events.map(({ type }) => type)).toEqual(["miss", "loaded", "miss"]);
  expect(observer.count("miss")).toBe(2);
  expect(observer.count("joined")).toBe(0);
  expect(observer.of("loaded")[0]?.durationMs).toBe(2);
  observer.clear();
  expect(observer.events).toEqual([]);
});
