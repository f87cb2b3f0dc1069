import { createCache, hours, type RemoteTier } from "@tiercache/core";
import { redis } from "@tiercache/redis";
import { awaitUntil, LinkProxy, type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type CommandCounts, CommandLog } from "./command-counts.ts";
import { RoundTrips } from "./round-trips.ts";
import { unfenced } from "./unfenced.ts";

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server.stop());

/** What was asked of the server, and in how many round trips. */
interface Cost {
  readonly trips: number;
  readonly commands: CommandCounts;
}

/** A call that a busy machine is late with is not to be made again: it would be counted. */
const commandTimeoutMs = 15_000;

/** The cost of a hit, a miss and an invalidation, once everything that is only done once has been done. */
async function costsOf(tierAt: (url: string) => RemoteTier, isFenced: boolean): Promise<Record<string, Cost>> {
  const proxy = new LinkProxy(server.port);
  onTestFinished(() => proxy.close());
  // Without a horizon there are no echoes, which would be counted as well; nor is anything done twice on a busy machine.
  const options = {
    tiers: [tierAt(await proxy.open())] as const,
    horizonMs: Infinity,
    deadlineMs: commandTimeoutMs,
    prefix: `${isFenced}`,
    ttlMs: hours(1),
  };
  const log = new CommandLog(server.port);
  await log.sinceLast();
  const cache = createCache(options);
  onTestFinished(() => cache.close());
  let loads = 0;
  const values = cache.namespace("value", { load: async (id) => `${id} ${++loads}` });
  // Again and again: what is loaded before there is a connection is kept nowhere.
  const kept = (id: string): Promise<void> =>
    awaitUntil("the value is kept", async () => {
      const value = await values.get(id);
      return (await values.read(id, { from: "cached" })).value === value;
    });
  for (const id of ["warm", "held"]) await kept(id);
  await values.invalidate("warm");
  // That announcement, and the echo that is sent once when listening has begun: from then on nothing is done by itself.
  let published = 0;
  await awaitUntil("it listens", async () => (published += (await log.sinceLast())["publish"] ?? 0) >= 2);
  const trips = new RoundTrips(proxy);
  const costOf = async (deed: () => Promise<unknown>, isDone: (commands: CommandCounts) => boolean): Promise<Cost> => {
    await deed();
    const commands: Record<string, number> = {};
    await awaitUntil("all is done", async () => {
      for (const [name, count] of Object.entries(await log.sinceLast())) commands[name] = (commands[name] ?? 0) + count;
      return isDone(commands);
    });
    return { trips: trips.sinceLast(), commands };
  };
  // By a script that compares a revision, where there is a fence.
  const isWritten = ({ set = 0, getrange = 0 }: CommandCounts): boolean => (isFenced ? getrange : set) > 0;
  return {
    hit: await costOf(
      () => values.get("held"),
      () => true,
    ),
    miss: await costOf(() => values.get("new"), isWritten),
    invalidation: await costOf(
      () => values.invalidate("held"),
      () => true,
    ),
  };
}

test("the fence costs a hit nothing, a miss one round trip, an invalidation nothing", async () => {
  const without = await costsOf((url) => unfenced(redis({ url, commandTimeoutMs })), false);
  const fenced = await costsOf((url) => redis({ url, commandTimeoutMs }), true);
  expect(fenced["hit"]).toEqual({ trips: 1, commands: { get: 1 } });
  expect(without["hit"]?.trips).toBe(1);
  // Between reading it and putting it there, the right to fill it is taken.
  expect(fenced["miss"]?.commands).toMatchObject({ get: 1, getrange: 1 });
  expect(fenced["miss"]?.trips).toBe(Number(without["miss"]?.trips) + 1);
  expect([fenced["invalidation"]?.trips, without["invalidation"]?.trips]).toEqual([1, 1]);
});
