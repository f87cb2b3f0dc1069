import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rounded } from "../report/figure-text.ts";
import { Fleet, type FleetOptions } from "./fleet.ts";
import { RealFleet, type RealTally } from "./real-fleet.ts";
import { scaleStep } from "./step.ts";
import { stepsOf } from "./wire.ts";
import { type Deed, deedsOf, type Workload } from "./workload.ts";

const workload: Workload = {
  seed: 7,
  processes: 3,
  keys: 20,
  skew: 1,
  readsPerSecond: 150,
  invalidationsPerSecond: 15,
  untilMs: 1_500,
};

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server.stop());

function simulated(options: Partial<FleetOptions>): Fleet {
  const steps = stepsOf(RealFleet.lengths);
  const { processes } = workload;
  // One deed has ended before the next begins, as where they are done one after the other.
  return new Fleet({ processes, steps, ttlMs: 3_600_000, horizonMs: Infinity, loaderMs: 0, tripMs: 1e-6, ...options });
}

function expectAlike({ tally }: Fleet, real: RealTally): void {
  expect(tally.commands).toEqual(real.commands);
  expect(tally.deliveries).toBe(real.deliveries);
  expect(tally.loads).toBe(real.loads);
  // Numbers in announcements have one digit or two.
  expect(tally.bytesIn / real.bytesIn).toBeCloseTo(1, 1);
  expect(tally.bytesOut / real.bytesOut).toBeCloseTo(1, 1);
}

test.each([1_000, Number.POSITIVE_INFINITY])(
  "a simulated fleet does what a real one does, with a horizon of %s ms",
  async (horizonMs) => {
    await using real = await RealFleet.of(server, workload.processes, horizonMs);
    await real.run(deedsOf(workload), workload.untilMs);
    const fleet = simulated({ horizonMs });
    fleet.run(deedsOf(workload), workload.untilMs);
    expectAlike(fleet, await real.tally());
  },
);

test("a simulated fleet waits for one load as a real one does", async () => {
  await using real = await RealFleet.of(server, workload.processes, Number.POSITIVE_INFINITY);
  await real.stampede(1);
  const fleet = simulated({ loaderMs: 10 });
  const deeds = [0, 1, 2].map((process): Deed => ({ atMs: process, process, kind: "read", key: 1 }));
  fleet.run(deeds, 100);
  expect(fleet.tally).toMatchObject({ loads: 1, waits: 2 });
  expectAlike(fleet, await real.tally());
});

test("a load that was invalidated meanwhile is not kept, and its value is handed out", () => {
  const fleet = simulated({ loaderMs: 10 });
  const deeds: readonly Deed[] = [
    { atMs: 0, process: 0, kind: "read", key: 1 },
    { atMs: 5, process: 1, kind: "invalidate", key: 1 },
    { atMs: 50, process: 0, kind: "read", key: 1 },
  ];
  fleet.run(deeds, 100);
  expect(fleet.tally).toMatchObject({ loads: 2, refusals: 1 });
});

test("a simulation is the same each time", () => {
  const run = (): unknown => {
    const fleet = simulated({ horizonMs: 1_000, loaderMs: 20, tripMs: 0.5 });
    fleet.run(deedsOf(workload), workload.untilMs);
    return [fleet.tally, fleet.held()];
  };
  expect(run()).toEqual(run());
});

test("docs/scale.md says what the simulation says", () => {
  const document = readFileSync(fileURLToPath(new URL("../../../../docs/scale.md", import.meta.url)), "utf8");
  const { processes, readsPerSecond, loads, commands, echoes, scripts } = scaleStep(10);
  expect(document).toMatch(
    new RegExp(`^\\| ${processes} \\| ${rounded(readsPerSecond)} \\|.*\\| ${rounded(loads)} \\|`, "m"),
  );
  expect(document).toContain(`| ${rounded(commands)}, ${rounded(echoes)} | ${rounded(scripts)} |`);
});
