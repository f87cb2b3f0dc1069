import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestSequences } from "../src/load/request-sequence.ts";
import { ensureDataFolder } from "../src/origin/data-folder.ts";
import { makeReport } from "../src/report/make-report.ts";
import { measurementOf } from "../src/report/measurement.ts";
import type { Report } from "../src/report/report.ts";
import { afterScenariosText, scenariosText } from "../src/report/report-text.ts";
import { World } from "../src/service/world.ts";

const counts = { jobCount: 400, userCount: 60 };
const sequences = requestSequences({ seed: 1, ...counts, feedRequests: 60, matchSessions: 12, embeddingRequests: 12 });

let folder: string;
let world: World;
let redis: RedisServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tiercache-report-test-"));
  const data = await ensureDataFolder({ seed: 1, ...counts, root: folder });
  world = await World.open({ seed: 1, environment: { DEMO_DATA_FOLDER: data.path, MODEL_LATENCY_MS: "1" } });
  redis = await startRedis();
});

afterAll(async () => {
  await redis.stop();
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe("the report", () => {
  let report: Report;

  beforeAll(async () => {
    const remote = { url: redis.url, description: "redis", [Symbol.asyncDispose]: async () => {} };
    report = await makeReport(world, { seed: 1, sequences, remote, visitsPerDay: 400 });
  });

  test("compares no cache, each tier alone and both, for every scenario", () => {
    expect(report.scenarios.map(({ name }) => name)).toEqual(["match", "embedding", "job-feed"]);
    for (const { measurements } of report.scenarios) {
      expect(measurements.map(({ configuration }) => configuration)).toEqual(["none", "L1", "L2", "L1 + L2"]);
    }
  });

  test("saves origin calls and never changes an answer", () => {
    for (const { measurements } of report.scenarios) {
      expect(measurements.every(({ sameAnswers }) => sameAnswers)).toBe(true);
      const perRequest = measurements.map(({ originCalls, requests }) => originCalls / requests);
      const [without = 0, ...withCache] = perRequest;
      for (const own of withCache) expect(own).toBeLessThan(without);
    }
  });

  test("finds in each tier what only that one can have answered", () => {
    for (const { measurements } of report.scenarios) {
      expect(measurementOf(measurements, "none")).toMatchObject({ hitRate: 0, warmP50Ms: null });
      expect(measurementOf(measurements, "L1")).toMatchObject({ hitRateL1: expect.any(Number), hitRateL2: 0 });
      expect(measurementOf(measurements, "L2")).toMatchObject({ hitRateL1: 0 });
      expect(measurementOf(measurements, "L2")?.hitRateL2).toBeGreaterThan(0);
      expect(measurementOf(measurements, "L1 + L2")?.hitRateL1).toBeGreaterThan(0);
    }
  });

  test("counts the texts that an ingestion embeds among those with a cache", () => {
    const embedding = report.scenarios.find(({ name }) => name === "embedding");
    const embedded = (configuration: "none" | "L1 + L2"): number =>
      measurementOf(embedding?.measurements ?? [], configuration)?.calls.textsEmbedded ?? 0;
    // Once each; again where a busy machine has missed the deadline of a write.
    expect(embedded("L1 + L2")).toBeGreaterThanOrEqual(460);
    expect(embedded("L1 + L2")).toBeLessThan(embedded("none"));
  });

  test("says how often each namespace with a target answered, with three laws", () => {
    expect(report.days.map(({ zipfExponent }) => zipfExponent)).toEqual([1, 0.7, 1.2]);
    for (const { targets } of report.days) {
      expect(targets.map(({ namespace }) => namespace).toSorted()).toEqual([
        "company",
        "embed",
        "ijp",
        "match",
        "user",
      ]);
      for (const { hitRate, isMet, target } of targets) expect(isMet).toBe(hitRate !== null && hitRate >= target);
    }
  });

  test("lays the users' numbers beside what was measured, memory included", () => {
    expect(report.claims.map(({ what }) => what.split(",", 1)[0])).toEqual([
      "calls for embeddings",
      "match computations",
      "matches",
      "job feed",
      ...Array.from({ length: 5 }, () => "hit rate"),
      "memory",
      "memory",
    ]);
    const vectors = report.memory?.find(({ namespace }) => namespace === "embed");
    // All of them, but for those whose write a busy machine was late with.
    expect(vectors?.keys).toBeGreaterThan(50);
    expect(vectors?.keys).toBeLessThanOrEqual(460);
    expect(vectors?.sampled).toBe(50);
    // 768 floats of 4 bytes, the frame around them, the key, and what the server needs.
    expect(vectors?.bytesPerKey).toBeGreaterThan(3_072);
    expect(vectors?.bytesPerKey).toBeLessThan(5_000);
  });

  test("is text with a table each, and survives JSON", () => {
    const text = scenariosText(report) + afterScenariosText(report);
    for (const part of ["job-feed", "L1 + L2", "exponent 0.7", "MEMORY USAGE", "calls for embeddings"]) {
      expect(text).toContain(part);
    }
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

test("without Redis the report is made on the local tier alone", async () => {
  const short = { ...sequences, feed: sequences.feed.slice(0, 5), embedding: [], match: sequences.match.slice(0, 2) };
  const report = await makeReport(world, { seed: 1, sequences: short, remote: undefined, visitsPerDay: 20 });
  for (const { measurements } of report.scenarios) {
    expect(measurements.map(({ configuration }) => configuration)).toEqual(["none", "L1"]);
  }
  expect(report.memory).toBeNull();
  expect(scenariosText(report)).toContain("L1 alone");
});
