import type { Reading } from "@tiercache/core";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { type CachedResponseOptions, describeReading, jsonWithEtag } from "./cached-response.ts";

const usual: CachedResponseOptions = { isForced: false, isPublic: false };

async function answerOf(reading: Reading<object>, options = usual, condition?: string): Promise<Response> {
  const app = new Hono().get("/", (context) => {
    describeReading(context, reading, options);
    return jsonWithEtag(context, reading.value);
  });
  return app.request("/", condition === undefined ? {} : { headers: { "if-none-match": condition } });
}

function readingFrom(source: string, rest: Partial<Reading<object>> = {}): Reading<object> {
  return { value: { a: 1 }, source, ageMs: 1_999, stale: undefined, ...rest };
}

describe("describeReading", () => {
  it.each([
    [readingFrom("lru"), usual, 'tiercache; hit; detail="lru"', "true"],
    [readingFrom("redis"), usual, 'tiercache; hit; detail="redis"', "true"],
    [readingFrom("redis", { stale: "load-failed" }), usual, 'tiercache; hit; detail="redis load-failed"', "true"],
    [readingFrom("loader"), usual, 'tiercache; fwd=miss; detail="loader"', "false"],
    [readingFrom("loader"), { ...usual, isForced: true }, 'tiercache; fwd=request; detail="loader"', "false"],
  ])("says of %j with %j that it is %s", async (...[reading, options, status, isHit]) => {
    const { headers } = await answerOf(reading, options);
    expect([headers.get("cache-status"), headers.get("x-cache-hit"), headers.get("age")]).toEqual([status, isHit, "1"]);
  });

  it("says nothing of a cache that was not asked", async () => {
    const { headers } = await answerOf({ value: {}, source: undefined, ageMs: undefined, stale: undefined });
    expect([headers.get("cache-status"), headers.get("x-cache-hit"), headers.get("age")]).toEqual([null, null, null]);
  });
});

describe("jsonWithEtag", () => {
  it("gives equal values an equal ETag, wherever they come from, and others another one", async () => {
    const etagOf = async (reading: Reading<object>) => (await answerOf(reading)).headers.get("etag");
    expect(await etagOf(readingFrom("lru"))).toBe(await etagOf(readingFrom("redis")));
    expect(await etagOf(readingFrom("lru", { value: { a: 2 } }))).not.toBe(await etagOf(readingFrom("lru")));
  });

  it("sends nothing again that the caller has, but says what it would have said of it", async () => {
    const first = await answerOf(readingFrom("lru"));
    const again = await answerOf(readingFrom("lru"), usual, first.headers.get("etag") ?? "");
    expect([again.status, await again.text()]).toEqual([304, ""]);
    for (const name of ["etag", "cache-control", "cache-status"]) {
      expect([name, again.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    }
  });

  it.each(['"other"', "W/", "", '"*"'])("sends it to a caller who has %j", async (condition) => {
    expect((await answerOf(readingFrom("lru"), usual, condition)).status).toBe(200);
  });
});
