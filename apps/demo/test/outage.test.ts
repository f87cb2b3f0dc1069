import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../src/service/world.ts";
import { eventually } from "./rare-traffic.ts";
import { type Answered, type Asking, asOperator, type RunningService, runService } from "./running-service.ts";

let world: World;
let redis: RedisServer;
let one: RunningService;
let other: RunningService;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: { MODEL_LATENCY_MS: "0", ENRICHMENT_FAILURE_RATE: "0" } });
  redis = await startRedis();
  const shared = { redisUrl: redis.url, prefix: "outage" };
  [one, other] = await Promise.all([runService(world, shared), runService(world, shared)]);
});

afterAll(async () => {
  await Promise.all([one, other].map((service) => service[Symbol.asyncDispose]()));
  await redis.stop();
  await world[Symbol.asyncDispose]();
});

const preferences = { categories: [], cities: ["Berlin"], remote: "welcome", minimumSalaryEurPerYear: 0 };

/** What users and operators do, each time with another user; and all of it is to be answered. */
function everythingOf(userId: number): readonly (readonly [path: string, asking?: Asking])[] {
  const put = { method: "PUT", body: preferences };
  const batch = { method: "POST", body: { jobIds: [userId, userId + 1, userId + 2] } };
  const texts = { method: "POST", body: { texts: [`text of ${userId}`] } };
  const tags = { method: "POST", body: { tags: ["popular"] }, headers: asOperator };
  const forced = { headers: { ...asOperator, "cache-control": "no-cache" } };
  return [
    [`/jobs?page=${userId}`],
    ["/jobs?page=1"],
    [`/jobs/${userId}`],
    ["/statistics"],
    ["/configuration"],
    [`/companies/${(userId % 250) + 1}`],
    [`/users/${userId}`],
    [`/users/${userId}/session`],
    [`/users/${userId}/resume`],
    [`/users/${userId}/matches`],
    [`/users/${userId}/matches`, batch],
    [`/users/${userId}/matches/17`],
    [`/users/${userId}/matches/17`, forced],
    [`/users/${userId}/matches/17/compatibility`],
    [`/users/${userId}/matches/17/evaluation`],
    [`/users/${userId}/preferences`, put],
    [`/users/${userId}/preferences`],
    ["/embeddings", texts],
    ["/readyz"],
    ["/management/statistics", { headers: asOperator }],
    ["/management/health", { headers: asOperator }],
    ["/management/namespaces/domains/entries", { method: "DELETE", headers: asOperator }],
    ["/management/invalidations", tags],
    ["/management/explanations", { method: "POST", body: { namespace: "job", jobId: 17 }, headers: asOperator }],
  ];
}

/** What was not answered with 200. */
async function failuresOf(service: RunningService, users: readonly number[]): Promise<string[]> {
  const failures: string[] = [];
  for (const userId of users) {
    for (const [path, asking] of everythingOf(userId)) {
      const { status, body } = await service.ask(path, asking);
      if (status !== 200) failures.push(`${asking?.method ?? "GET"} ${path}: ${status} ${JSON.stringify(body)}`);
    }
    // What was written is what is read, whatever Redis does.
    const { body: stored } = await service.ask(`/users/${userId}/preferences`);
    if (JSON.stringify(stored) !== JSON.stringify({ userId, ...preferences })) failures.push(`${userId} has others`);
  }
  return failures;
}

/** Both instances at once, while something happens to Redis. */
async function failuresWhile(happens: () => unknown, firstUser: number): Promise<string[]> {
  const ofTheOne = failuresOf(one, [firstUser, firstUser + 1]);
  const ofTheOther = failuresOf(other, [firstUser + 2, firstUser + 3]);
  await happens();
  return (await Promise.all([ofTheOne, ofTheOther])).flat();
}

/** What operators are told of the cache and its Redis. */
async function stateOf({ ask }: RunningService) {
  const [{ body: health }, { body: statistics }] = (await Promise.all(
    ["health", "statistics"].map((what) => ask(`/management/${what}`, { headers: asOperator })),
  )) as [Answered, Answered];
  const { total } = statistics.tiers.redis;
  return {
    status: health.status as string,
    breaker: health.tiers[0].breaker as string,
    failures: (total.getFailures + total.setFailures) as number,
  };
}

test("every request is answered while Redis is killed, away, back, hung and awake again", async () => {
  expect(await failuresWhile(() => {}, 100)).toEqual([]);
  expect(await failuresWhile(() => redis.kill(), 200)).toEqual([]);
  await eventually(async () => {
    const { status, breaker, failures } = await stateOf(one);
    return status === "degraded" && breaker !== "closed" && failures > 0;
  });
  expect(await failuresWhile(() => {}, 300)).toEqual([]);
  expect(await failuresWhile(() => redis.restart(), 400)).toEqual([]);
  expect(await failuresWhile(() => redis.hang(), 500)).toEqual([]);
  expect(await failuresWhile(() => redis.resume(), 600)).toEqual([]);
  for (const service of [one, other]) await eventually(async () => (await stateOf(service)).status === "healthy");
}, 180_000);

test("every request is answered where there never was a Redis, but what is to be done once at a time is refused", async () => {
  // Nobody listens there: the port is reserved, and none of ours.
  await using alone = await runService(world, { redisUrl: "redis://127.0.0.1:1", prefix: "never" });
  expect(await failuresOf(alone, [700])).toEqual([]);
  for (const path of ["/management/ingestions", "/management/warming"]) {
    const body = path.endsWith("warming") ? { userIds: [7] } : {};
    const { status, headers } = await alone.ask(path, { method: "POST", body, headers: asOperator });
    expect([path, status, headers.get("content-type")]).toEqual([path, 503, "application/problem+json"]);
  }
}, 180_000);
