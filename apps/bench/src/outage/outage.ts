import { type Cache, createCache, type Ms } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { quantile } from "../median.ts";
import { type Job, type Sample, Traffic } from "./traffic.ts";

/** One figure and the bound it must hold. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly below: number;
  readonly unit: "ms" | "";
}

/** How long a read waits for a tier that does not answer, where nothing else is said. */
export const DEADLINE_MS: Ms = 200;
const OUTAGE_MS: Ms = 3_000;

/** What is done to a server, and how it is undone. */
export interface Fault {
  readonly name: "killed" | "hung";
  readonly backWithinMs: Ms;
  readonly begin: (server: RedisServer) => Promise<void>;
  readonly end: (server: RedisServer) => Promise<void>;
}

/** The two ways in which a server goes away. */
export const faults: readonly Fault[] = [
  { name: "killed", backWithinMs: 1_000, begin: (server) => server.kill(), end: (server) => server.restart() },
  {
    name: "hung",
    backWithinMs: 300,
    begin: async (server) => server.hang(),
    end: async (server) => server.resume(),
  },
];

/** Has a server away for three seconds while requests run, and measures what they notice of it. */
export async function outage({ name, backWithinMs, begin, end }: Fault): Promise<readonly Figure[]> {
  await using server = await startRedis();
  await using cache = createCache({ tiers: [lru(), redis({ url: server.url })] });
  const traffic = new Traffic();
  await traffic.start(cache.namespace<Job>("job", { load: (id) => traffic.load(id), ttlMs: 600_000 }));
  await after(1_000);
  const awayFrom = performance.now();
  await begin(server);
  await after(OUTAGE_MS);
  // To start a server again blocks this process: what had just begun by then would be measured with that.
  const awayUntil = performance.now() - 50;
  await end(server);
  const backMs = await msUntilUsed(cache);
  await after(1_000);
  await traffic.stop();
  const { pendingRemovals } = (await cache.health()).tiers[0] ?? { pendingRemovals: Number.NaN };
  const warm = during(traffic.warm, awayFrom, awayUntil);
  const cold = during(traffic.cold, awayFrom, awayUntil);
  const later = during(traffic.cold, awayFrom + DEADLINE_MS, awayUntil);
  const floor = during(traffic.floor, awayFrom, awayUntil);
  return [
    {
      what: `${name}: a turn of the event loop, p99`,
      value: quantile(floor, 0.99),
      below: Number.POSITIVE_INFINITY,
      unit: "ms",
    },
    { what: `${name}: L1-warm p99`, value: quantile(warm, 0.99), below: 5, unit: "ms" },
    { what: `${name}: L1-cold p50`, value: quantile(cold, 0.5), below: 2, unit: "ms" },
    { what: `${name}: L1-cold p99`, value: quantile(cold, 0.99), below: DEADLINE_MS + 10, unit: "ms" },
    { what: `${name}: L1-cold p99 after the first deadline`, value: quantile(later, 0.99), below: 2, unit: "ms" },
    { what: `${name}: errors`, value: traffic.errors, below: 1, unit: "" },
    { what: `${name}: wrong values`, value: traffic.wrongValues, below: 1, unit: "" },
    { what: `${name}: calls still open`, value: traffic.openCalls, below: 1, unit: "" },
    { what: `${name}: removals still to be told`, value: pendingRemovals, below: 1, unit: "" },
    { what: `${name}: L2 back in use after`, value: backMs, below: backWithinMs, unit: "ms" },
  ];
}

/** Reads ten keys one after the other from a server that is there and never answers. */
export async function neverReachable(): Promise<readonly Figure[]> {
  await using server = await startRedis();
  server.hang();
  await using cache = createCache({ tiers: [lru(), redis({ url: server.url })] });
  const jobs = cache.namespace("job", { load: (id) => id });
  const tookMs: number[] = [];
  for (let read = 0; read < 10; read++) {
    const startedAt = performance.now();
    await jobs.get(`${read}`);
    tookMs.push(performance.now() - startedAt);
  }
  const [first = Number.NaN] = tookMs;
  return [
    { what: "never reachable: first read", value: first, below: DEADLINE_MS + 50, unit: "ms" },
    { what: "never reachable: tenth read", value: tookMs.at(-1) ?? Number.NaN, below: 2, unit: "ms" },
  ];
}

/** How long it takes until the server is written to and read again. */
async function msUntilUsed(cache: Cache): Promise<Ms> {
  const startedAt = performance.now();
  const probes = cache.namespace<string>("probe");
  for (;;) {
    const { status } = await probes.set("1", "v");
    const { source } = await probes.read("1", { skipReading: ["lru"] });
    if (status === "done" && source === "redis") return performance.now() - startedAt;
    await after(5);
  }
}

/** How long those took that began in a time. */
export function during(samples: readonly Sample[], from: number, until: number): readonly number[] {
  return samples.filter(({ startedAt }) => startedAt >= from && startedAt < until).map(({ tookMs }) => tookMs);
}

export function after(ms: Ms): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
