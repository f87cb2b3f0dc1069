import { createCache, isCacheError, type RemoteTier } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";
import { manualClock, memoryTier } from "@tiercache/testing";
import { describe, expect, test } from "vitest";

const tiers = [lru()] as const;

function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (isCacheError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("a wrong option is refused where it is given, by name, with its value and what is allowed:", () => {
  test.each<[string, () => unknown, string]>([
    ["a negative ttl", () => createCache({ tiers, ttlMs: -1 }), "createCache.ttlMs is -1; allowed is a number of"],
    [
      "a ttl of NaN",
      () => createCache({ tiers, ttlMs: Number.NaN }),
      "createCache.ttlMs is NaN; allowed is a number of",
    ],
    ["a ttl of 0", () => createCache({ tiers, ttlMs: 0 }), "createCache.ttlMs is 0; allowed is a number of"],
    [
      "an unknown name",
      () => createCache({ tiers, tll: 5 } as never),
      "createCache.tll is not an option; the options are ttlMs, ",
    ],
    [
      "no options",
      () => createCache(undefined as never),
      "createCache.tiers is undefined; allowed is a list of at least one tier",
    ],
    [
      "no tiers",
      () => createCache({ tiers: [] as never }),
      "createCache.tiers is an array; allowed is a list of at least one tier",
    ],
    [
      "a tier that is none",
      () => createCache({ tiers: [{}] as never }),
      "createCache.tiers[0] is an object; allowed is a remote tier",
    ],
    [
      "a local tier behind",
      () => createCache({ tiers: [memoryTier({ clock: manualClock() }), lru()] as never }),
      "createCache.tiers[1] is an object; allowed is a remote tier: a local tier comes first",
    ],
    [
      "a deadline without end",
      () => createCache({ tiers, deadlineMs: Number.POSITIVE_INFINITY }),
      "createCache.deadlineMs is Infinity; allowed is a finite",
    ],
    [
      "a list with an observer that is none",
      () => createCache({ tiers, observer: [{ on() {} }, {}] as never }),
      "createCache.observer is an array; allowed is an observer (an object with on), or a list of them",
    ],
    [
      "statistics that are neither on nor off",
      () => createCache({ tiers, statistics: "yes" as never }),
      'createCache.statistics is "yes"; allowed is true or false',
    ],
    [
      "a prefix with a colon",
      () => createCache({ tiers, prefix: "a:b" }),
      'createCache.prefix is "a:b"; allowed is letters,',
    ],
    [
      "a serializer without an id",
      () => createCache({ tiers, serializer: { encode: () => new Uint8Array(), decode: () => 1 } as never }),
      "createCache.serializer.id is undefined; allowed is a whole number from 1 to 255",
    ],
    [
      "a namespace of no name",
      () => createCache({ tiers }).namespace(""),
      'The name of a namespace is ""; allowed is letters,',
    ],
    [
      "a namespace with a brace",
      () => createCache({ tiers }).namespace("{a}"),
      'The name of a namespace is "{a}"; allowed is letters,',
    ],
    [
      "a negative ttl of a namespace",
      () => createCache({ tiers }).namespace("user", { ttlMs: -1 }),
      'namespace "user".ttlMs is -1; allowed is',
    ],
    [
      "a loader that is none",
      () => createCache({ tiers }).namespace("user", { load: "x" } as never),
      'namespace "user".load is "x"; allowed is a function',
    ],
    [
      "an unknown name in a namespace",
      () => createCache({ tiers }).namespace("user", { ttl: 1 } as never),
      'namespace "user".ttl is not an option; the options are ttlMs, ',
    ],
    [
      "no jitter",
      () => createCache({ tiers, ttlJitter: 1 }),
      "createCache.ttlJitter is 1; allowed is a number from 0 up to",
    ],
    [
      "a stale time below 0",
      () => createCache({ tiers, staleIfErrorMs: -1 }),
      "createCache.staleIfErrorMs is -1; allowed is",
    ],
    [
      "a stale time of NaN",
      () => createCache({ tiers, staleWhileRevalidateMs: Number.NaN }),
      "createCache.staleWhileRevalidateMs is NaN; allowed is",
    ],
    [
      "a part above 1",
      () => createCache({ tiers, refreshAhead: 1 }),
      "createCache.refreshAhead is 1; allowed is a number above 0 and below 1, or",
    ],
    [
      "a local limit of 0",
      () => createCache({ tiers, local: { ttlMs: 0 } }),
      "createCache.local is an object; allowed is an object with ttlMs, a number",
    ],
    [
      "an unknown local limit",
      () => createCache({ tiers, local: { max: 5 } as never }),
      "createCache.local is an object; allowed is an object with ttlMs",
    ],
    [
      "a share of all namespaces",
      () => createCache({ tiers, local: { minShare: 0.5 } }),
      "createCache.local.minShare is 0.5; allowed is undefined: a share belongs to one namespace.",
    ],
    [
      "a cap of all namespaces",
      () => createCache({ tiers, local: { maxShare: 1 } }),
      "createCache.local.maxShare is 1; allowed is undefined: a share belongs to one namespace.",
    ],
    [
      "a share above 1",
      () => createCache({ tiers }).namespace("user", { local: { minShare: 1.1 } }),
      'namespace "user".local.minShare is 1.1; allowed is a number from 0 to 1.',
    ],
    [
      "a cap of 0",
      () => createCache({ tiers }).namespace("user", { local: { maxShare: 0 } }),
      'namespace "user".local.maxShare is 0; allowed is a number above 0 and up to 1.',
    ],
    [
      "a share above its cap",
      () => createCache({ tiers }).namespace("user", { local: { minShare: 0.6, maxShare: 0.5 } }),
      'namespace "user".local.minShare is 0.6; allowed is at most its maxShare, 0.5.',
    ],
    [
      "shares of more than there is",
      () => {
        const cache = createCache({ tiers: [lru()] });
        cache.namespace("session", { local: { minShare: 0.7 } });
        return cache.namespace("user", { local: { minShare: 0.4 } });
      },
      'namespace "user".local.minShare is 0.4; allowed is at most 0.3: the rest of this tier is promised to other namespaces.',
    ],
    [
      "a cap below one entry",
      () => createCache({ tiers: [lru({ maxEntries: 10 })] }).namespace("user", { local: { maxShare: 0.05 } }),
      `namespace "user".local.maxShare is 0.05; allowed is a part that makes at least 1 of this tier's 10.`,
    ],
    ["a timeout of 0", () => createCache({ tiers, hardTimeoutMs: 0 }), "createCache.hardTimeoutMs is 0; allowed is"],
    ["no entries", () => lru({ maxEntries: 0 }), "lru.maxEntries is 0; allowed is"],
    ["an unknown name of the LRU", () => lru({ max: 5 } as never), "lru.max is not an option; the options are"],
    [
      "an unknown name of Redis",
      () => redis({ uri: "redis://h" } as never),
      "redis.uri is not an option; the options are",
    ],
  ])("%s", (_, make, message) => {
    expect(refusal(make)).toContain(`INVALID_OPTION ${message}`);
  });

  test("a namespace declared twice", () => {
    const cache = createCache({ tiers });
    cache.namespace("user");
    expect(refusal(() => cache.namespace("user"))).toContain('INVALID_OPTION The namespace "user" is declared twice');
  });

  test("a URL with a password, which the message does not repeat", () => {
    const message = refusal(() => redis({ url: "http://:hunter2@host" }));
    expect(message).toContain("INVALID_OPTION redis.url is a value that is not shown");
    expect(message).not.toContain("hunter2");
  });
});

test("options with defaults may be left out or undefined", () => {
  const remote: RemoteTier = memoryTier({ clock: manualClock() });
  expect(() => createCache({ tiers: [lru(), remote] })).not.toThrow();
  expect(refusal(() => createCache({ tiers, ttlMs: undefined } as never))).toBe("accepted");
});
