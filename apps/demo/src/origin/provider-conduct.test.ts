import { describe, expect, it } from "vitest";
import { ProviderConduct, type ProviderConductOptions } from "./provider-conduct.ts";

const usual = { latencyMs: 0, failureRate: 0, callsPerMinute: Number.POSITIVE_INFINITY };

function conductAt(clock: { nowMs: number }, options: Partial<ProviderConductOptions> = {}): ProviderConduct {
  return new ProviderConduct({ ...usual, nowMs: () => clock.nowMs, ...options });
}

describe("ProviderConduct", () => {
  it("fails as often as it is told, the same calls for the same seed", () => {
    const outcomes = (seed: number): boolean[] => {
      const conduct = conductAt({ nowMs: 0 }, { failureRate: 0.25, seed });
      return Array.from({ length: 1_000 }, () => conduct.refusal()?.status === 503);
    };
    const failed = outcomes(1).filter(Boolean).length;
    expect(failed).toBeGreaterThan(200);
    expect(failed).toBeLessThan(300);
    expect(outcomes(1)).toEqual(outcomes(1));
    expect(outcomes(2)).not.toEqual(outcomes(1));
  });

  it("refuses more calls than a minute may have, and says when there is room again", () => {
    const clock = { nowMs: 5_000 };
    const conduct = conductAt(clock, { callsPerMinute: 2 });
    expect(conduct.refusal()).toBeUndefined();
    clock.nowMs += 10_000;
    expect(conduct.refusal()).toBeUndefined();
    expect(conduct.refusal()).toMatchObject({ status: 429, retryAfterSeconds: 50 });
    clock.nowMs += 49_999;
    expect(conduct.refusal()).toMatchObject({ status: 429, retryAfterSeconds: 1 });
    clock.nowMs += 1;
    expect(conduct.refusal()).toBeUndefined();
    expect(conduct.refusal()).toMatchObject({ status: 429, retryAfterSeconds: 10 });
  });

  it("waits its latency and what a call takes longer, and can be changed while it runs", async () => {
    const waits: number[] = [];
    const conduct = conductAt({ nowMs: 0 }, { latencyMs: 7, wait: async (ms) => void waits.push(ms) });
    await conduct.takeTime(3, new AbortController().signal);
    conduct.change({ latencyMs: 1 });
    await conduct.takeTime(0, new AbortController().signal);
    expect(waits).toEqual([10, 1]);
    expect(conduct.rules).toEqual({ ...usual, latencyMs: 1 });
  });

  it.each([{ latencyMs: -1 }, { latencyMs: Number.NaN }, { failureRate: 1.1 }, { callsPerMinute: -1 }])(
    "refuses %j, then as before",
    (change) => {
      const conduct = conductAt({ nowMs: 0 });
      expect(() => conduct.change(change)).toThrow(RangeError);
      expect(() => conduct.change(change)).toThrow(Object.keys(change)[0]);
      expect(conduct.rules).toEqual(usual);
    },
  );
});
