import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Endpoint } from "../src/http/endpoint.ts";
import { Operators } from "../src/http/operators.ts";
import { endpointsOf, routesOf } from "../src/http/routes.ts";
import { startInstance } from "../src/service/instance.ts";
import { callsOf } from "../src/service/origins.ts";
import { World } from "../src/service/world.ts";
import { everyRequest } from "./every-request.ts";
import { asOperator, type RunningService, runService } from "./running-service.ts";
import { silent } from "./silent-observer.ts";

let world: World;
let service: RunningService;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: { MODEL_LATENCY_MS: "0", ENRICHMENT_FAILURE_RATE: "0" } });
  // In the process alone nothing has to be confirmed by anybody, so what is fresh answers, however busy the machine is.
  service = await runService(world);
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

function nameOf({ method, path }: Endpoint): string {
  return `${method} ${path}`;
}

describe("every endpoint", () => {
  test("is asked here, and described with what it takes and answers", async () => {
    const endpoints = endpointsOf(service.instance.services);
    expect(Object.keys(everyRequest).toSorted()).toEqual(endpoints.map(nameOf).toSorted());
    const { body: description } = await service.ask("/openapi.json");
    const served = routesOf(service.instance.services).routes.map(({ method, path }) => [method.toLowerCase(), path]);
    expect(served).not.toEqual([]);
    for (const [method = "", path = ""] of served) {
      const operation = description.paths[path.replaceAll(/:(\w+)/g, "{$1}")]?.[method];
      expect([path, operation]).toEqual([path, expect.objectContaining({ summary: expect.stringMatching(/\.$/) })]);
      const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      const inPath = operation.parameters.filter((one: { in: string }) => one.in === "path");
      expect(inPath.map(({ name }: { name: string }) => name)).toEqual(names);
    }
  });

  test.each(Object.keys(everyRequest))("%s answers with what it is described to answer with", async (name) => {
    const [path, asking] = everyRequest[name] ?? [""];
    const answered = await service.ask(path, asking);
    const endpoint = endpointsOf(service.instance.services).find((one) => nameOf(one) === name);
    if (endpoint?.answer === undefined) expect([answered.status, answered.body]).toEqual([204, undefined]);
    else expect([answered.status, endpoint.answer.parse(answered.body)]).toEqual([200, answered.body]);
  });
});

describe("a cached response", () => {
  test("says whether a cache had it, which tier, and how old it is", async () => {
    const path = "/jobs?city=Vienna&page=1";
    const first = await service.ask(path);
    expect(first.headers.get("cache-status")).toBe('tiercache; fwd=miss; detail="loader"');
    expect(first.headers.get("x-cache-hit")).toBe("false");
    const second = await service.ask(path);
    expect(second.headers.get("cache-status")).toBe('tiercache; hit; detail="lru"');
    expect(second.headers.get("x-cache-hit")).toBe("true");
    expect(second.headers.get("age")).toMatch(/^\d+$/);
    expect(second.body).toEqual(first.body);
  });

  test("is not sent again to whoever names its ETag, until it has changed", async () => {
    const etag = (await service.ask("/users/9/preferences")).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await service.ask("/users/9/preferences", { headers: { "if-none-match": known } });
      expect([known, again.status, again.body, again.headers.get("etag")]).toEqual([known, 304, undefined, etag]);
    }
    const body = { categories: [], cities: ["Paris"], remote: "never", minimumSalaryEurPerYear: 2_000 };
    await service.ask("/users/9/preferences", { method: "PUT", body });
    const changed = await service.ask("/users/9/preferences", { headers: { "if-none-match": etag } });
    expect([changed.status, changed.body]).toEqual([200, { userId: 9, ...body }]);
  });

  test("of a person is for nobody else to keep", async () => {
    expect((await service.ask("/jobs/17")).headers.get("cache-control")).toBe("public, no-cache");
    expect((await service.ask("/users/7/resume")).headers.get("cache-control")).toBe("private, no-cache");
  });

  test("is made anew for operators who ask for that, and for nobody else", async () => {
    const path = "/users/12/matches/17/evaluation";
    const anew = { "cache-control": "no-cache" };
    await service.ask(path);
    const { completions } = callsOf(world.origins);
    expect((await service.ask(path, { headers: anew })).headers.get("x-cache-hit")).toBe("true");
    expect(callsOf(world.origins).completions).toBe(completions);
    const forced = await service.ask(path, { headers: { ...anew, ...asOperator } });
    expect(forced.headers.get("cache-status")).toBe('tiercache; fwd=request; detail="loader"');
    expect(callsOf(world.origins).completions).toBe(completions + 1);
  });

  test("is also that there is nothing", async () => {
    await service.ask("/jobs/888888");
    const again = await service.ask("/jobs/888888");
    expect([again.status, again.headers.get("x-cache-hit")]).toEqual([404, "true"]);
  });
});

describe("a request that is not answered", () => {
  const body = { categories: ["poetry"], cities: [], remote: "welcome", minimumSalaryEurPerYear: 0 };

  test.each([
    ["/jobs?page=0", {}, 400],
    ["/jobs?colour=red", {}, 400],
    ["/jobs?page=1&page=2", {}, 400],
    ["/jobs/one", {}, 400],
    ["/jobs/999999", {}, 404],
    ["/users/-1/matches", {}, 400],
    ["/users/999999/matches", {}, 404],
    ["/users/999999/matches/17/evaluation", {}, 404],
    ["/users/7/preferences", { method: "PUT", body }, 400],
    ["/users/7/preferences", { method: "PUT", body: "{" }, 400],
    ["/users/999999/session", { method: "PUT" }, 404],
    ["/users/7/matches", { method: "POST", body: { jobIds: [] } }, 400],
    ["/embeddings", { method: "POST", body: "no json" }, 400],
    ["/embeddings", { method: "POST", body: { texts: [] } }, 400],
    ["/embeddings", { method: "POST", body: { texts: ["a"], more: 1 } }, 400],
    ["/embeddings", { method: "POST", body: { texts: [1] } }, 400],
    ["/embeddings", { method: "POST", body: { texts: ["a".repeat(5_000_000)] } }, 413],
    ["/domains", {}, 400],
    ["/nowhere", {}, 404],
    ["/management/namespaces/nothing/entries", { method: "DELETE", headers: asOperator }, 400],
    ["/management/invalidations", { method: "POST", body: { tags: [] }, headers: asOperator }, 400],
    ["/management/explanations", { method: "POST", body: { namespace: "job" }, headers: asOperator }, 400],
  ])("is told why by a problem document: %s", async (path, asking, status) => {
    const answered = await service.ask(path, asking);
    expect(answered.headers.get("content-type")).toBe("application/problem+json");
    const document = { type: "about:blank", status, title: expect.any(String), detail: expect.stringMatching(/\S/) };
    expect([answered.status, answered.body]).toEqual([status, document]);
  });

  test("says nothing of what went wrong inside, but that a provider has failed", async () => {
    world.providers.model.conduct.change({ failureRate: 1 });
    const failed = await service.ask("/users/13/matches/17/evaluation");
    world.providers.model.conduct.change({ failureRate: 0, callsPerMinute: 0 });
    const limited = await service.ask("/users/13/matches/17/evaluation");
    world.providers.model.conduct.change({ callsPerMinute: Number.POSITIVE_INFINITY });
    expect([failed.status, failed.headers.get("retry-after")]).toEqual([502, "1"]);
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(`${failed.body.detail}${limited.body.detail}`).not.toMatch(/127\.0\.0\.1|overloaded_|rate_limit/);
    expect((await service.ask("/users/13/matches/17/evaluation")).status).toBe(200);
  });
});

describe("management", () => {
  const paths = Object.entries(everyRequest).filter(([name]) => name.includes("/management/"));

  test.each(paths)("%s is refused to whoever has no token or a wrong one", async (_name, [path, asking]) => {
    for (const authorization of [undefined, "Bearer wrong", "Basic eDp5", `Bearer ${"x".repeat(28)}`]) {
      const headers = authorization === undefined ? {} : { authorization };
      const { status, headers: answered } = await service.ask(path, { ...asking, headers });
      expect([status, answered.get("www-authenticate")]).toEqual([401, 'Bearer realm="management"']);
    }
  });

  test("is refused to everybody where no token is configured", async () => {
    await using closed = await runService(world, { operators: new Operators(undefined) });
    for (const [, [path, asking]] of paths) {
      expect([path, (await closed.ask(path, asking)).status]).toEqual([path, 403]);
      const empty = { ...asking, headers: { authorization: "Bearer " } };
      expect([path, (await closed.ask(path, empty)).status]).toEqual([path, 403]);
    }
  });

  test("clears one namespace and no other", async () => {
    await service.ask("/domains?query=redis");
    await service.ask("/jobs/23");
    await service.ask("/management/namespaces/domains/entries", { method: "DELETE", headers: asOperator });
    expect((await service.ask("/domains?query=redis")).headers.get("x-cache-hit")).toBe("false");
    expect((await service.ask("/jobs/23")).headers.get("x-cache-hit")).toBe("true");
  });

  test("ends what has a tag", async () => {
    await service.ask("/jobs/23");
    await service.ask("/users/9/resume");
    const body = { tags: ["feed"] };
    await service.ask("/management/invalidations", { method: "POST", headers: asOperator, body });
    expect((await service.ask("/jobs/23")).headers.get("x-cache-hit")).toBe("false");
    expect((await service.ask("/users/9/resume")).headers.get("x-cache-hit")).toBe("true");
  });

  test("warms a user, and passes over what is fresh", async () => {
    const asking = { method: "POST", headers: asOperator };
    const { body: first } = await service.ask("/management/users/40/warming", asking);
    expect(first.matches).toEqual({ keys: 1, loaded: 1, fresh: 0, failed: 0, isAborted: false });
    expect((await service.ask("/users/40/matches")).headers.get("x-cache-hit")).toBe("true");
    const { body: second } = await service.ask("/management/users/40/warming", asking);
    for (const report of Object.values(second)) expect(report).toMatchObject({ loaded: 0, fresh: 1, failed: 0 });
  });

  test("computes scores of popular jobs beforehand", async () => {
    const { body: popular } = await service.ask("/popular-jobs");
    const body = { userIds: [50, 51], jobs: 4, concurrency: 2 };
    const { body: report } = await service.ask("/management/warming", { method: "POST", headers: asOperator, body });
    expect(report.match).toEqual({ keys: 8, loaded: 8, fresh: 0, failed: 0, isAborted: false });
    const score = await service.ask(`/users/51/matches/${popular[3].id}`);
    expect(score.headers.get("x-cache-hit")).toBe("true");
  });

  test("tells what is hot, and how the cache is", async () => {
    for (let read = 0; read < 3; read++) await service.ask("/jobs/31");
    const { body: statistics } = await service.ask("/management/statistics", { headers: asOperator });
    expect(statistics.namespaces.job.total.hits).toBeGreaterThan(0);
    expect(statistics.hotJobs.map(({ key }: { key: number[] }) => key[0])).toContain(31);
    const { body: health } = await service.ask("/management/health", { headers: asOperator });
    expect(health).toMatchObject({ status: "healthy", tiers: [] });
  });
});

test("an instance that is about to end is alive and not ready", async () => {
  await using ending = await runService(world);
  expect((await ending.ask("/readyz")).body).toEqual({ status: "ready", cache: "healthy" });
  ending.instance.services.readiness.end();
  expect((await ending.ask("/readyz")).status).toBe(503);
  expect((await ending.ask("/livez")).status).toBe(200);
});

test("without the cache the same is answered, each time anew", async () => {
  const options = { backend: "off", ttlOf: () => 1_000 } as const;
  await using off = await runService(world, { settings: options });
  const path = "/jobs?category=design&page=1";
  const answers = [await service.ask(path), await off.ask(path), await off.ask(path)];
  expect(answers.map(({ headers }) => headers.get("x-cache-hit"))).toEqual(["false", "false", "false"]);
  expect(answers[1]?.body).toEqual(answers[0]?.body);
  const { tableReads } = callsOf(world.origins);
  await off.ask(path);
  expect(callsOf(world.origins).tableReads).toBe(tableReads + 1);
});

test("an instance is told by its settings how long values live", async () => {
  const instance = startInstance(world, {
    prefix: "short",
    observer: silent,
    settings: { backend: "memory", ttlOf: (name) => (name === "job" ? 1_234 : 60_000) },
  });
  await instance.services.board.job(17);
  const [held] = (await instance.namespaces.jobs.explain(17)).tiers;
  expect(held?.holds === "fresh" && held.ageMs + held.freshForMs).toBeCloseTo(1_234, 0);
  await instance.cache.close();
});
