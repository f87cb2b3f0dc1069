import { Fleet } from "./fleet.ts";
import { stepsOf } from "./wire.ts";
import { deedsOf } from "./workload.ts";

/** What a fleet of some size asks of its server, in a second. */
export interface ScaleStep {
  readonly processes: number;
  readonly readsPerSecond: number;
  readonly invalidationsPerSecond: number;
  readonly connections: number;
  readonly localHits: number;
  readonly loads: number;
  readonly commands: number;
  readonly scripts: number;
  readonly echoes: number;
  readonly deliveries: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Entries of an average process, and keys of the server, at the end. */
  readonly localEntries: number;
  readonly remoteKeys: number;
}

/** What each process of the simulated fleets is asked for, and what surrounds it. */
export const surroundings = {
  seed: 1,
  keys: 20_000,
  skew: 1,
  readsPerSecondAndProcess: 100,
  invalidationsPerRead: 0.001,
  ttlMs: 10_000,
  horizonMs: 1_000,
  loaderMs: 20,
  tripMs: 0.5,
  lengths: { key: 30, value: 200, channel: 20, announcement: 70 },
} as const;

const MEASURED_MS = 3_000;

/** Simulates a fleet until it is warm, and then for a while. */
export function scaleStep(processes: number): ScaleStep {
  const { seed, keys, skew, ttlMs, horizonMs, loaderMs, tripMs, lengths } = surroundings;
  const readsPerSecond = processes * surroundings.readsPerSecondAndProcess;
  const invalidationsPerSecond = readsPerSecond * surroundings.invalidationsPerRead;
  const fleet = new Fleet({ processes, steps: stepsOf(lengths), ttlMs, horizonMs, loaderMs, tripMs });
  const workload = { seed, processes, keys, skew, readsPerSecond, invalidationsPerSecond };
  const untilMs = ttlMs + MEASURED_MS;
  fleet.run(deedsOf({ ...workload, untilMs: ttlMs }), ttlMs);
  const warm = structuredClone(fleet.tally);
  fleet.run(deedsOf({ ...workload, seed: seed + 1, fromMs: ttlMs, untilMs }), untilMs);
  const { tally } = fleet;
  const perSecond = (now: number, before: number): number => ((now - before) / MEASURED_MS) * 1_000;
  const called = (name: string): number => perSecond(tally.commands[name] ?? 0, warm.commands[name] ?? 0);
  const echoes = (processes * 4_000) / horizonMs;
  const held = fleet.held();
  return {
    processes,
    readsPerSecond,
    invalidationsPerSecond,
    connections: 2 * processes,
    localHits: perSecond(tally.localHits, warm.localHits),
    loads: perSecond(tally.loads, warm.loads),
    // A lease that is asked for is a SET of its own, whether it is taken or not; what scripts call is part of them.
    commands: called("get") + called("set") - perSecond(committed(tally), committed(warm)) + echoes,
    scripts: called("evalsha") + called("eval"),
    echoes,
    deliveries: perSecond(tally.deliveries, warm.deliveries),
    bytesIn: perSecond(tally.bytesIn, warm.bytesIn),
    bytesOut: perSecond(tally.bytesOut, warm.bytesOut),
    localEntries: held.local / processes,
    remoteKeys: held.remote,
  };
}

/** How many values have been put in the place of a lease. */
function committed({ loads, refusals }: Fleet["tally"]): number {
  return loads - refusals;
}
