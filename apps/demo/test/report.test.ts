import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestSequences } from "../src/load/request-sequence.ts";
import { makeReport } from "../src/report/make-report.ts";
import { tableOf } from "../src/report/table.ts";
import { World } from "../src/service/world.ts";

let world: World;
let redis: RedisServer;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: {} });
  redis = await startRedis();
});

afterAll(async () => {
  await redis.stop();
  await world[Symbol.asyncDispose]();
});

describe("the report", () => {
  test("saves origin calls and never changes an answer", async () => {
    const sequences = requestSequences({ seed: 1, feedRequests: 60, matchSessions: 12, embeddingRequests: 12 });
    const remote = { url: redis.url, description: "redis", [Symbol.asyncDispose]: async () => {} };
    const report = await makeReport(world, { seed: 1, sequences, remote });
    expect(report.scenarios.map(({ name }) => name)).toEqual(["match", "embedding", "job-feed"]);
    for (const scenario of report.scenarios) {
      expect(scenario).toMatchObject({ valuesEqual: true, requests: expect.any(Number), p50MsL2: expect.any(Number) });
      expect(scenario.hitRate).toBeGreaterThan(0);
    }
    const [match, embedding, feed] = report.scenarios;
    expect(match?.originCallsWith).toBeLessThan((match?.originCallsWithout ?? 0) / 2);
    expect(feed?.originCallsWith).toBeLessThan(feed?.originCallsWithout ?? 0);
    // 6,000 texts are ingested; the requests themselves, so few of them, find everything there.
    expect(embedding?.callsWith.textsEmbedded).toBe(6_000);
    expect(tableOf(report)).toContain("job-feed");
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    // The providers take the time that they say they take, four times over.
  }, 180_000);

  test("is made on the local tier alone where there is no Redis", async () => {
    const sequences = requestSequences({ seed: 1, feedRequests: 20, matchSessions: 2, embeddingRequests: 2 });
    const report = await makeReport(world, { seed: 1, sequences, remote: undefined });
    expect(report.scenarios.every(({ p50MsL2, valuesEqual }) => p50MsL2 === null && valuesEqual)).toBe(true);
    expect(tableOf(report)).toContain("L1 alone");
  });
});
