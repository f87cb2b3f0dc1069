import { days, hours, minutes, seconds } from "@tiercache/core";
import { describe, expect, it } from "vitest";
import { cacheSettings, ttlVariable } from "./cache-settings.ts";
import { lifetimes, namespaceNames } from "./namespaces/lifetimes.ts";

describe("cacheSettings", () => {
  it("is memory in front of Redis in development where nothing is said", () => {
    for (const environment of [{}, { CACHE_BACKEND: "", CACHE_TTL_JOB: "", CACHE_REDIS_URL: "" }]) {
      const { backend, profile, redisUrl, ttlOf } = cacheSettings(environment);
      expect([backend, profile, redisUrl, ttlOf("job")]).toEqual([
        "memory+redis",
        "development",
        undefined,
        minutes(5),
      ]);
    }
  });

  it.each([
    [{ CACHE_BACKEND: "memory" }, "memory"],
    [{ CACHE_BACKEND: "redis" }, "redis"],
    [{ CACHE_BACKEND: "memory+redis" }, "memory+redis"],
    [{ CACHE_BACKEND: "off" }, "off"],
    [{ CACHE_ENABLED: "false" }, "off"],
    [{ CACHE_ENABLED: "0", CACHE_BACKEND: "redis" }, "off"],
    [{ DISABLE_CACHE: "true", CACHE_ENABLED: "true" }, "off"],
    [{ DISABLE_CACHE: "false", CACHE_BACKEND: "memory" }, "memory"],
  ])("takes %j for the backend %s", (environment, backend) => {
    expect(cacheSettings(environment).backend).toBe(backend);
  });

  it("lets values live as in production where that is the profile, or where Node runs so", () => {
    for (const environment of [{ CACHE_PROFILE: "production" }, { NODE_ENV: "production" }]) {
      const { ttlOf } = cacheSettings(environment);
      for (const name of namespaceNames) expect([name, ttlOf(name)]).toEqual([name, lifetimes[name].production]);
    }
    expect(cacheSettings({ NODE_ENV: "production", CACHE_PROFILE: "development" }).profile).toBe("development");
  });

  it("lets nothing live longer in development than in production", () => {
    for (const name of namespaceNames) {
      expect([name, lifetimes[name].development < lifetimes[name].production]).toEqual([name, true]);
    }
  });

  it.each([
    ["300", seconds(300)],
    ["90s", seconds(90)],
    ["5m", minutes(5)],
    ["24h", hours(24)],
    ["7d", days(7)],
    ["never", Number.POSITIVE_INFINITY],
  ])("takes the time to live %s", (text, ttlMs) => {
    const { ttlOf } = cacheSettings({ CACHE_TTL_USER_DATA: text });
    expect(ttlOf("user-data")).toBe(ttlMs);
    expect(ttlOf("job")).toBe(lifetimes.job.development);
  });

  it("has a variable of its own for the time to live of each namespace", () => {
    const environment = Object.fromEntries(namespaceNames.map((name, index) => [ttlVariable(name), String(index + 1)]));
    const { ttlOf } = cacheSettings(environment);
    expect(namespaceNames.map(ttlOf)).toEqual(namespaceNames.map((_, index) => seconds(index + 1)));
  });

  it("names Redis by a URL, or by its parts", () => {
    const url = "rediss://app:secret@cache.example:6380/2";
    expect(cacheSettings({ CACHE_REDIS_URL: url }).redisUrl).toBe(url);
    const parts = { CACHE_REDIS_HOST: "cache.example", CACHE_REDIS_PORT: "6380", CACHE_REDIS_DB: "2" };
    expect(cacheSettings({ CACHE_REDIS_HOST: "localhost" }).redisUrl).toBe("redis://localhost:6379/0");
    expect(cacheSettings({ CACHE_REDIS_HOST: "[::1]" }).redisUrl).toBe("redis://[::1]:6379/0");
    const login = { CACHE_REDIS_USERNAME: "app", CACHE_REDIS_PASSWORD: "s/e:c@ret", CACHE_REDIS_SSL: "true" };
    const made = cacheSettings({ ...parts, ...login }).redisUrl;
    expect(made).toBe("rediss://app:s%2Fe%3Ac%40ret@cache.example:6380/2");
    expect(decodeURIComponent(new URL(made ?? "").password)).toBe("s/e:c@ret");
    expect(cacheSettings({ ...parts, CACHE_REDIS_PASSWORD: "secret" }).redisUrl).toContain("redis://:secret@");
  });

  it.each([
    [{ CACHE_BACKEND: "memcached" }, 'CACHE_BACKEND is "memcached"; allowed is memory, redis, memory+redis, off.'],
    [{ CACHE_ENABLED: "maybe" }, 'CACHE_ENABLED is "maybe"; allowed is true, false, 1, 0.'],
    [{ DISABLE_CACHE: "yes!" }, "DISABLE_CACHE"],
    [{ CACHE_PROFILE: "staging" }, "CACHE_PROFILE"],
    [{ CACHE_TTL_JOB: "0" }, 'CACHE_TTL_JOB is "0"; allowed is a whole number of seconds above 0'],
    [{ CACHE_TTL_JOB: "-5" }, "CACHE_TTL_JOB"],
    [{ CACHE_TTL_JOB: "1.5h" }, "CACHE_TTL_JOB"],
    [{ CACHE_TTL_JOB: "12345678901" }, "CACHE_TTL_JOB"],
    [{ CACHE_TTL_JOBB: "5m" }, "CACHE_TTL_JOBS"],
    [{ CACHE_REDIS_HOST: "a b" }, 'CACHE_REDIS_HOST is "a b"'],
    [{ CACHE_REDIS_HOST: "evil@other" }, "CACHE_REDIS_HOST"],
    [{ CACHE_REDIS_HOST: "a", CACHE_REDIS_PORT: "70000" }, "CACHE_REDIS_PORT"],
    [{ CACHE_REDIS_HOST: "a", CACHE_REDIS_DB: "one" }, "CACHE_REDIS_DB"],
    [{ CACHE_REDIS_PORT: "6379" }, "CACHE_REDIS_HOST is not set"],
    [{ CACHE_REDIS_URL: "redis://a", CACHE_REDIS_DB: "1" }, "CACHE_REDIS_URL and CACHE_REDIS_DB are both set"],
  ])("refuses %j, naming the variable, what was given and what is allowed", (environment, message) => {
    expect(() => cacheSettings(environment)).toThrow(message);
  });

  it.each(["http://app:hunter2@cache", "hunter2", "redis://"])("never repeats a URL that it refuses: %s", (url) => {
    const given = { CACHE_REDIS_URL: url };
    expect(() => cacheSettings(given)).toThrow(/^CACHE_REDIS_URL is no such URL; allowed is redis:/);
    expect(() => cacheSettings(given)).not.toThrow("hunter2");
  });
});
