import { manualClock } from "@tiercache/testing";
import { expect, test } from "vitest";
import { circuitBreaker } from "./circuit-breaker.ts";
import type { FailureRateOptions } from "./failure-rate.ts";

const failureRate = { rate: 0.5, windowMs: 1_000, minCalls: 4 };

/** Makes calls that succeed (+) or fail (-), a second and a tenth apart where a space stands. */
async function stateAfter(calls: string, options: FailureRateOptions = failureRate): Promise<string> {
  const clock = manualClock();
  const breaker = circuitBreaker({ clock, failureRate: options });
  for (const call of calls) {
    if (call === " ") clock.advance(1_100);
    else await breaker.execute(() => (call === "+" ? "v" : Promise.reject(new Error("down")))).catch(() => {});
  }
  return breaker.state;
}

test("a breaker opens when so great a part of its calls has failed, and not of fewer than it takes", async () => {
  expect(await stateAfter("--+")).toBe("closed");
  expect(await stateAfter("--+-")).toBe("open");
  expect(await stateAfter("+++-")).toBe("closed");
});

test("what is older than the window is forgotten", async () => {
  expect(await stateAfter("--- +++-")).toBe("closed");
});

test("it does not open by successes that bring the number of calls up", async () => {
  expect(await stateAfter("---+")).toBe("closed");
});
