import { describe, expect, test } from "vitest";
import { isCacheError } from "./errors.ts";
import { checkOptions, finiteMs, invalidOption, lifetimeMs, objectWith, positiveInteger } from "./option-rules.ts";

const rules = {
  ttlMs: lifetimeMs,
  deadlineMs: finiteMs,
  maxEntries: positiveInteger,
  clock: objectWith("a clock", "now"),
};

function messageOf(options: unknown): string {
  try {
    checkOptions("owner", options, rules);
  } catch (error) {
    if (isCacheError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("a wrong option", () => {
  test.each([
    [{ ttlMs: -1 }, "owner.ttlMs is -1; allowed is a number of milliseconds above 0, or Infinity."],
    [{ ttlMs: 0 }, "owner.ttlMs is 0; "],
    [{ ttlMs: -0 }, "owner.ttlMs is -0; "],
    [{ ttlMs: Number.NaN }, "owner.ttlMs is NaN; "],
    [{ ttlMs: Number.NEGATIVE_INFINITY }, "owner.ttlMs is -Infinity; "],
    [{ ttlMs: "10s" }, 'owner.ttlMs is "10s"; '],
    [{ ttlMs: null }, "owner.ttlMs is null; "],
    [{ ttlMs: new Date(0) }, "owner.ttlMs is an object; "],
    [{ ttlMs: 10n }, "owner.ttlMs is 10n; "],
    [{ deadlineMs: Number.POSITIVE_INFINITY }, "owner.deadlineMs is Infinity; allowed is a finite number"],
    [{ maxEntries: 1.5 }, "owner.maxEntries is 1.5; allowed is a whole number of at least 1."],
    [{ maxEntries: 0 }, "owner.maxEntries is 0; "],
    [{ clock: {} }, "owner.clock is an object; allowed is a clock (an object with now)."],
    [{ ttl: 5 }, "owner.ttl is not an option; the options are ttlMs, deadlineMs, maxEntries, clock."],
    [{ constructor: 5 }, "owner.constructor is not an option; "],
    [[], "The options of owner is an array; allowed is an object."],
    ["ttlMs", 'The options of owner is "ttlMs"; allowed is an object.'],
    [null, "The options of owner is null; allowed is an object."],
  ])("%o is refused by name, with its value and what is allowed", (options, message) => {
    expect(messageOf(options)).toContain(`INVALID_OPTION: ${message}`);
  });

  test("shows no secret and no long text", () => {
    const secret = invalidOption("redis.url", "redis://:hunter2@host", { allowed: "a URL", secret: true });
    expect(secret.message).toBe("redis.url is a value that is not shown; allowed is a URL.");
    expect(messageOf({ ttlMs: "x".repeat(1_000) }).length).toBeLessThan(200);
    expect(messageOf({ ttlMs: 1n << 8_000_000n })).toContain("owner.ttlMs is a large bigint; ");
  });
});

test.each([
  undefined,
  {},
  { ttlMs: undefined },
  { ttlMs: 0.5 },
  { ttlMs: Number.POSITIVE_INFINITY },
  { maxEntries: 1 },
])("%o is accepted", (options) => {
  expect(messageOf(options)).toBe("accepted");
});
