import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import { diagnosticsObserver } from "./diagnostics-observer.ts";

test("an event is published on the channel of its type, to whoever has subscribed by then", () => {
  const observer = diagnosticsObserver();
  const event = { type: "miss", namespace: "user" } as const;
  observer.on(event);
  const heard: unknown[] = [];
  const hear = (message: unknown): void => void heard.push(message);
  subscribe("tiercache:miss", hear);
  observer.on(event);
  observer.on({ type: "closed" });
  unsubscribe("tiercache:miss", hear);
  observer.on(event);
  expect(heard).toEqual([event]);
  expect(channel("tiercache:miss").hasSubscribers).toBe(false);
});
