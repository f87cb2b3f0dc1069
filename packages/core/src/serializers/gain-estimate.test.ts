import { expect, test } from "vitest";
import { GainEstimate } from "./gain-estimate.ts";

/** Offers so many values whose tries all end in the same way; tells which of them were tried. */
function tried(estimate: GainEstimate, namespace: string, offer: { values: number; gained: boolean }): number[] {
  return Array.from({ length: offer.values }, (_, index) => index + 1).filter(() => {
    const worth = estimate.worthTrying(namespace);
    if (worth) estimate.learn(namespace, offer.gained);
    return worth;
  });
}

test("values that gain are always tried", () => {
  expect(tried(new GainEstimate(), "page", { values: 300, gained: true })).toHaveLength(300);
});

test("after three tries in a row without a gain, the pauses double up to 64 values", () => {
  const attempts = tried(new GainEstimate(), "vector", { values: 400, gained: false });
  expect(attempts).toEqual([1, 2, 3, 5, 8, 13, 22, 39, 72, 137, 202, 267, 332, 397]);
});

test("one gain ends the pauses", () => {
  const estimate = new GainEstimate();
  tried(estimate, "vector", { values: 39, gained: false });
  expect(tried(estimate, "vector", { values: 40, gained: true })).toEqual([33, 34, 35, 36, 37, 38, 39, 40]);
});

test("values of which every third gains are always tried", () => {
  const estimate = new GainEstimate();
  for (let index = 0; index < 100; index++) {
    expect(estimate.worthTrying("page")).toBe(true);
    estimate.learn("page", index % 3 === 2);
  }
});

test("what one namespace has shown does not hold for another", () => {
  const estimate = new GainEstimate();
  tried(estimate, "vector", { values: 100, gained: false });
  expect(estimate.worthTrying("vector")).toBe(false);
  expect(estimate.worthTrying("user")).toBe(true);
});

test("of more than 256 namespaces that gain nothing, the oldest is forgotten", () => {
  const estimate = new GainEstimate();
  for (let index = 0; index <= 256; index++) tried(estimate, `namespace-${index}`, { values: 3, gained: false });
  expect(estimate.worthTrying("namespace-0")).toBe(true);
  expect(estimate.worthTrying("namespace-1")).toBe(false);
  expect(estimate.worthTrying("namespace-256")).toBe(false);
});
