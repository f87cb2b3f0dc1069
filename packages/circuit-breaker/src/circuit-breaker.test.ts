import { isCacheError } from "@tiercache/core";
import { type ManualClock, manualClock } from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { circuitBreaker } from "./circuit-breaker.ts";
import type { CircuitBreakerEvent, CircuitBreakerOptions } from "./circuit-breaker-options.ts";

const down = new Error("down");
const operation = { kind: "load", target: "score", keys: 1 } as const;

let clock: ManualClock;
let events: CircuitBreakerEvent[];

beforeEach(() => {
  clock = manualClock();
  events = [];
});

function breakerWith(options: CircuitBreakerOptions = {}) {
  const breaker = circuitBreaker({ clock, observe: (event) => events.push(event), ...options });
  const calls = { made: 0 };
  const fails = (): Promise<unknown> =>
    breaker.execute(() => {
      calls.made++;
      throw down;
    });
  const succeeds = (): Promise<string> =>
    breaker.execute(() => {
      calls.made++;
      return "v";
    });
  return { breaker, calls, fails, succeeds };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "answered",
    (error: unknown) => (isCacheError(error) ? error.code : "as thrown"),
  );
}

describe("a closed breaker", () => {
  test("hands on answers and errors as they are", async () => {
    const { fails, succeeds } = breakerWith();
    expect(await succeeds()).toBe("v");
    await expect(fails()).rejects.toBe(down);
  });

  test("opens after so many failures in a row, and not before", async () => {
    const { breaker, fails, succeeds } = breakerWith({ failures: 3 });
    for (const call of [fails, fails, succeeds, fails, fails]) await codeOf(call());
    expect(breaker.state).toBe("closed");
    await codeOf(fails());
    expect(breaker.state).toBe("open");
    expect(events).toEqual([{ type: "changed", state: "open", was: "closed" }]);
  });

  test("does not count what isFailure says is none", async () => {
    const { breaker, fails } = breakerWith({ failures: 1, isFailure: (error) => error !== down });
    await expect(fails()).rejects.toBe(down);
    expect(breaker.state).toBe("closed");
  });

  test("does not count a call whose caller has left, and counts one that was given up at a deadline", async () => {
    const { breaker } = breakerWith({ failures: 1 });
    const hangs = (signal: AbortSignal): void => void breaker.execute(() => new Promise(() => {}), signal);
    const leaving = new AbortController();
    hangs(leaving.signal);
    leaving.abort(new Error("gone"));
    expect(breaker.state).toBe("closed");
    const late = new AbortController();
    hangs(late.signal);
    late.abort(new DOMException("late", "TimeoutError"));
    expect(breaker.state).toBe("open");
  });

  test("takes a call that is late for all that have been silent as long, unless one was answered meanwhile", async () => {
    for (const isAnswered of [false, true]) {
      const { breaker, succeeds } = breakerWith({ failures: 3 });
      const late = [0, 1, 2].map(() => new AbortController());
      for (const { signal } of late) {
        void breaker.execute(() => new Promise(() => {}), signal);
        clock.advance(10);
      }
      clock.advance(100);
      if (isAnswered) await succeeds();
      late[0]?.abort(new DOMException("late", "TimeoutError"));
      expect(breaker.state).toBe(isAnswered ? "closed" : "open");
    }
  });

  test("does not take a late call for others that have only just begun", async () => {
    const { breaker } = breakerWith({ failures: 3 });
    const late = new AbortController();
    void breaker.execute(() => new Promise(() => {}), late.signal);
    clock.advance(100);
    for (let call = 0; call < 5; call++) void breaker.execute(() => new Promise(() => {}));
    clock.advance(10);
    late.abort(new DOMException("late", "TimeoutError"));
    expect(breaker.state).toBe("closed");
  });
});

describe("an open breaker", () => {
  test("refuses at once, calls nothing, and says so", async () => {
    const { breaker, calls, fails } = breakerWith({ failures: 1 });
    await codeOf(fails());
    const attempt = vi.fn();
    expect(await codeOf(breaker.execute(attempt, undefined, operation))).toBe("BREAKER_OPEN");
    expect(attempt).not.toHaveBeenCalled();
    expect(calls.made).toBe(1);
    expect(events.at(-1)).toEqual({ type: "refused", operation });
    expect(clock.pending).toBe(0);
  });

  test("lets one call through when its time is over, and closes when that succeeds", async () => {
    const { breaker, fails, succeeds } = breakerWith({ failures: 1, openMs: 100 });
    await codeOf(fails());
    clock.advance(100);
    expect(await succeeds()).toBe("v");
    expect(breaker.state).toBe("closed");
    const states = events.map((event) => (event.type === "changed" ? event.state : event.type));
    expect(states).toEqual(["open", "half-open", "closed"]);
  });

  test("lets through no more probes at once than it may, and wants all of them to succeed", async () => {
    const { breaker, fails } = breakerWith({ failures: 1, openMs: 100, probes: 2 });
    await codeOf(fails());
    clock.advance(100);
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const probes = answers.map(({ promise }) => breaker.execute(() => promise));
    expect(await codeOf(breaker.execute(() => "v"))).toBe("BREAKER_OPEN");
    answers[0]?.resolve("v");
    await probes[0];
    expect(breaker.state).toBe("half-open");
    expect(await codeOf(breaker.execute(() => "v"))).toBe("BREAKER_OPEN");
    answers[1]?.resolve("v");
    await probes[1];
    expect(breaker.state).toBe("closed");
  });

  test("stays open longer after each probe that fails, up to its longest, and never the same for all", async () => {
    const random = vi.spyOn(Math, "random").mockReturnValue(0);
    const { breaker, fails } = breakerWith({ failures: 1, openMs: 100, longestOpenMs: 350, growth: 2 });
    await codeOf(fails());
    const times: number[] = [];
    for (let opening = 0; opening < 4; opening++) {
      times.push(breaker.breaker.retryInMs);
      clock.advance(breaker.breaker.retryInMs);
      await codeOf(fails());
    }
    expect(times).toEqual([100, 200, 350, 350]);
    random.mockReturnValue(1);
    clock.advance(350);
    await codeOf(fails());
    expect(breaker.breaker.retryInMs).toBe(175);
    random.mockRestore();
  });

  test("begins with its first time again once it was closed for as long as it had been open", async () => {
    const { breaker, fails, succeeds } = breakerWith({ failures: 1, openMs: 100, growth: 2 });
    for (let opening = 0; opening < 3; opening++) {
      await codeOf(fails());
      clock.advance(400);
    }
    await succeeds();
    await codeOf(fails());
    expect(breaker.breaker.retryInMs).toBeGreaterThan(100);
    clock.advance(1_000);
    await succeeds();
    clock.advance(1_000);
    await codeOf(fails());
    expect(breaker.breaker.retryInMs).toBeLessThanOrEqual(100);
  });

  test("is probed again when a probe never ends, and when its caller has left", async () => {
    const { breaker, fails, succeeds } = breakerWith({ failures: 1, openMs: 100, longestOpenMs: 100 });
    await codeOf(fails());
    clock.advance(100);
    void breaker.execute(() => new Promise(() => {}));
    expect(await codeOf(succeeds())).toBe("BREAKER_OPEN");
    clock.advance(100);
    const leaving = new AbortController();
    void breaker.execute(() => new Promise(() => {}), leaving.signal);
    expect(await codeOf(succeeds())).toBe("BREAKER_OPEN");
    leaving.abort(new Error("gone"));
    expect(await codeOf(succeeds())).toBe("answered");
    expect(breaker.state).toBe("closed");
  });

  test("is not opened further by calls that were made before it opened", async () => {
    const { breaker, fails, succeeds } = breakerWith({ failures: 1, openMs: 100 });
    const old = Promise.withResolvers<never>();
    const call = codeOf(breaker.execute(() => old.promise));
    await codeOf(fails());
    clock.advance(100);
    await succeeds();
    old.reject(down);
    await call;
    expect(breaker.state).toBe("closed");
  });
});

describe("by hand", () => {
  test("an isolated breaker refuses until it is released, and is probed before it closes", async () => {
    const { breaker, succeeds } = breakerWith();
    breaker.isolate();
    clock.advance(1e9);
    expect(await codeOf(succeeds())).toBe("BREAKER_OPEN");
    expect(breaker.state).toBe("isolated");
    breaker.release();
    expect(breaker.state).toBe("open");
    await succeeds();
    expect(breaker.state).toBe("closed");
  });

  test("one that is opened closes by itself, as after failures", async () => {
    const { breaker, succeeds } = breakerWith({ openMs: 100 });
    breaker.open();
    expect(await codeOf(succeeds())).toBe("BREAKER_OPEN");
    clock.advance(100);
    await succeeds();
    expect(breaker.state).toBe("closed");
  });
});

test("an observer that throws changes nothing", async () => {
  const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const breaker = circuitBreaker({
    failures: 1,
    observe() {
      throw new Error("secret");
    },
  });
  await codeOf(breaker.execute(() => Promise.reject(down)));
  expect(breaker.state).toBe("open");
  expect(JSON.stringify(warnings.mock.calls)).not.toContain("secret");
  warnings.mockRestore();
});

test.each<[CircuitBreakerOptions, string]>([
  [{ failures: 0 }, "failures"],
  [{ failures: 1, failureRate: { rate: 0.5 } }, "failures"],
  [{ failureRate: { rate: 0 } }, "failureRate.rate"],
  [{ openMs: Number.POSITIVE_INFINITY }, "openMs"],
  [{ openMs: 100, longestOpenMs: 99 }, "longestOpenMs"],
  [{ probes: 0 }, "probes"],
  [{ surprise: 1 } as never, "surprise"],
])("%j is refused by name", (options, name) => {
  expect(() => circuitBreaker(options)).toThrow(`circuitBreaker.${name}`);
});
