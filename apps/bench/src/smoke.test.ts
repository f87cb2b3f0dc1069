import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "./bench.ts";
import { cases } from "./cases/cases.ts";
import { efforts } from "./effort.ts";
import { peers } from "./peers/peers.ts";
import { resultOf } from "./report/report.ts";
import type { Measurement } from "./rounds.ts";

let server: RedisServer;
let bench: Bench;

beforeAll(async () => {
  server = await startRedis();
  bench = new Bench(server.url, efforts.smoke, peers);
});

afterAll(() => server.stop());

/** What is no library of somebody else's must give back what it was given, everywhere. */
const ours = (contender: string): boolean => contender.includes("tiercache") || contender.includes("frame");

function isMeasured({ wrong, median }: Measurement): boolean {
  return wrong !== undefined || Number.isFinite(median);
}

describe("every case runs, and whoever is measured gives back the right value:", () => {
  for (const one of cases)
    test(`${one.name}: ${one.title}`, { timeout: 60_000 }, async () => {
      const { measurements } = await resultOf(one, bench);
      expect(measurements.length).toBeGreaterThan(1);
      expect(measurements.filter((measurement) => !isMeasured(measurement))).toEqual([]);
      expect(measurements[0]?.wrong).toBeUndefined();
      expect(measurements.filter(({ contender, wrong }) => ours(contender) && wrong !== undefined)).toEqual([]);
    });
});

test("every case has a name of its own, in small letters", () => {
  const names = cases.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
});
