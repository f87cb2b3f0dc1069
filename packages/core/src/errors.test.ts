import { expect, test, vi } from "vitest";
import { CacheError, isCacheError } from "./errors.ts";

test("an error of another copy of the package is known for what it is", async () => {
  vi.resetModules();
  const copy = await import("./errors.ts");
  const foreign = new copy.CacheError("CLOSED", "The cache is closed.");
  expect(foreign).not.toBeInstanceOf(CacheError);
  expect(isCacheError(foreign)).toBe(true);
});

test.each([undefined, null, "CLOSED", {}, new Error("CLOSED")])("%s is no cache error", (other) => {
  expect(isCacheError(other)).toBe(false);
});
