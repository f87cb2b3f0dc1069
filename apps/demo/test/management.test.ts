import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Operators } from "../src/http/operators.ts";
import { World } from "../src/service/world.ts";
import { everyRequest } from "./every-request.ts";
import { asOperator, type RunningService, runService } from "./running-service.ts";

let world: World;
let service: RunningService;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: { MODEL_LATENCY_MS: "0" } });
  // In the process alone nothing has to be confirmed by anybody, so what is fresh answers, however busy the machine is.
  service = await runService(world);
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
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
