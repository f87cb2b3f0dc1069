import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Clock } from "../contracts/clock.ts";
import { type LogOptions, logObserver } from "./log-observer.ts";

let now: number;
let lines: string[];

const clock: Clock = { now: () => now, after: () => () => {} };
const failed = { type: "tier-failed", tier: "redis", operation: "read", code: "ECONNREFUSED" } as const;
const line = "tiercache tier-failed tier=redis operation=read code=ECONNREFUSED";

beforeEach(() => {
  now = 0;
  lines = [];
});

function logged(options: LogOptions = {}) {
  return logObserver({ clock, write: (level, text) => lines.push(`${level} ${text}`), ...options });
}

test("a failure that repeats itself is one line, then a count a minute", () => {
  const log = logged();
  for (now = 0; now < 150_000; now += 1_000) log.on(failed);
  expect(lines).toEqual([`warn ${line}`, `warn ${line} repeated=59`, `warn ${line} repeated=60`]);
});

test("what had repeated itself is summed up before something else is said, and at the end", () => {
  const log = logged();
  log.on(failed);
  log.on(failed);
  now = 70_000;
  log.on({ type: "bus-gap" });
  log.on({ type: "bus-gap" });
  log.on({ type: "closed" });
  expect(lines).toEqual([
    `warn ${line}`,
    `warn ${line} repeated=1`,
    "warn tiercache bus-gap",
    "warn tiercache bus-gap repeated=1",
  ]);
});

test("a failure that comes back after a while is a line again", () => {
  const log = logged({ everyMs: 1_000 });
  log.on(failed);
  now = 2_000;
  log.on(failed);
  expect(lines).toEqual([`warn ${line}`, `warn ${line}`]);
});

test("two failures are one line only if they differ in nothing but durations and counts", () => {
  const log = logged();
  log.on({ type: "load-failed", namespace: "user", keys: 1, durationMs: 5 });
  log.on({ type: "load-failed", namespace: "user", keys: 7, durationMs: 9 });
  log.on({ type: "load-failed", namespace: "order", keys: 1, durationMs: 5 });
  expect(lines).toEqual(["warn tiercache load-failed namespace=user", "warn tiercache load-failed namespace=order"]);
});

test("lines that are less important than wanted are not written", () => {
  const log = logged();
  log.on({ type: "miss", namespace: "user" });
  log.on({ type: "target-met", namespace: "user", hitRate: 1 });
  expect(lines).toEqual([]);
  logged({ level: "debug" }).on({ type: "miss", namespace: "user" });
  expect(lines).toEqual(["debug tiercache miss namespace=user"]);
});

test("ever new codes fill neither the log nor the memory", () => {
  const log = logged();
  for (let code = 0; code < 5_000; code++) log.on({ ...failed, code: `E${code}` });
  expect(lines).toHaveLength(1_000);
  now = 60_000;
  log.on(failed);
  expect(lines).toHaveLength(1_001);
});

test("lines go to the console's method of their level by default", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  logObserver().on(failed);
  expect(warn.mock.calls).toEqual([[line]]);
  warn.mockRestore();
});

describe("an option that is none", () => {
  test.each<[object, string]>([
    [{ level: "loud" }, 'logObserver.level is "loud"'],
    [{ everyMs: 0 }, "logObserver.everyMs is 0"],
    [{ write: "x" }, 'logObserver.write is "x"'],
    [{ sink: () => {} }, "logObserver.sink is not an option"],
  ])("is refused by name: %o", (options, message) => {
    expect(() => logObserver(options as LogOptions)).toThrow(message);
  });
});
