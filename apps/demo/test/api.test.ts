import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Endpoint } from "../src/http/endpoint.ts";
import { endpointsOf, routesOf } from "../src/http/routes.ts";
import { startInstance } from "../src/service/instance.ts";
import { callsBetween, callsOf } from "../src/service/origins.ts";
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
    const { routes } = routesOf(service.instance.services);
    // What answers every method says only that it is not allowed.
    const served = routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => [method.toLowerCase(), path]);
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

test("a hundred requests for what nobody has cost as much as one", async () => {
  const before = callsOf(world.origins);
  const answers = await Promise.all(Array.from({ length: 100 }, () => service.ask("/users/70/matches")));
  expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.get("etag")}`)).size).toBe(1);
  const { tableReads, providerCalls } = callsBetween(before, callsOf(world.origins));
  expect({ tableReads, providerCalls }).toEqual({ tableReads: 1, providerCalls: 1 });
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
    ["/users/7/preferences", { method: "DELETE" }, 405],
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
