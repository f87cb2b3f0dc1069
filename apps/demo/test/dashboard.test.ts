import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { metricsRoute } from "../src/http/metrics-route.ts";
import { routesOf } from "../src/http/routes.ts";
import { CacheMetrics } from "../src/service/cache-metrics.ts";
import { type Instance, startInstance } from "../src/service/instance.ts";
import { TierCounter } from "../src/service/tier-counter.ts";
import { World } from "../src/service/world.ts";
import { causeRareThings, eventually } from "./rare-traffic.ts";

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query?: unknown }[] };
}

const dashboard = JSON.parse(readFileSync(join(import.meta.dirname, "../grafana/tiercache.json"), "utf8")) as Dashboard;
const queries = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const));

const prefix = "dashboard";
let world: World;
let redis: RedisServer;
let instance: Instance;
let other: Instance;
/** The labels of each series that the demo has exported, by the series' name. */
let exported: ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: {} });
  redis = await startRedis();
  const metrics = new CacheMetrics();
  const shared = { redisUrl: redis.url, prefix };
  instance = startInstance(world, { ...shared, observer: metrics.observer });
  other = startInstance(world, { ...shared, observer: new TierCounter() });
  const app = routesOf(instance.services).route("/", metricsRoute(metrics));
  await causeEverything(async (path) => void (await app.request(path)));
  const response = await app.request("/metrics");
  expect(response.headers.get("content-type")).toContain("text/plain");
  exported = seriesIn(await response.text());
});

afterAll(async () => {
  await Promise.all([instance.cache.close(), other.cache.close()]);
  await redis.stop();
  await world[Symbol.asyncDispose]();
});

/** Requests to the service, and what is rare there, so that every number of the dashboard has a reason to be. */
async function causeEverything(get: (path: string) => Promise<void>): Promise<void> {
  await eventually(() => instance.cache.stats().certificateAgeMs !== undefined);
  await Promise.all([get("/jobs?page=1"), get("/jobs?page=1"), get("/users/7/matches")]);
  await get("/users/7/matches");
  for (let read = 0; read < 2; read++) await get("/jobs/999999");
  await other.services.matches.top(8);
  await Promise.all([instance.cache.drain(), other.cache.drain()]);
  await get("/users/8/matches");
  for (const { services } of [instance, other]) await services.people.logIn(7);
  // It has heard that the other one has put something in the place of its own.
  await eventually(async () => (await instance.namespaces.sessions.explain(7)).tiers[0]?.holds === "nothing");
  await causeRareThings({ own: instance, other, redis, prefix });
  await redis.kill();
  // Until it is asked no longer, and then once more.
  for (let page = 2; instance.cache.stats().tiers["redis"]?.breaker === "closed"; page++)
    await get(`/jobs?page=${page}`);
  await get("/jobs?page=1&remote=true");
}

function seriesIn(text: string): ReadonlyMap<string, readonly Readonly<Record<string, string>>[]> {
  const series = new Map<string, Readonly<Record<string, string>>[]>();
  for (const line of text.split("\n")) {
    const [, name, labels = ""] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    const own = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]));
    series.set(name, [...(series.get(name) ?? []), own]);
  }
  return series;
}

/** Every selector in a query: a series' name and what it asks of the labels. */
function selectorsIn(expr: string) {
  return [...expr.matchAll(/\b(cache_\w+)(?:\{([^}]*)\})?(?=[[)\s]|$)/g)]
    .map(([, name = "", matchers = ""]) => {
      const asked = [...matchers.matchAll(/(\w+)(=~|=)"([^"]*)"/g)];
      return { name, matchers: asked.map(([, label = "", operator = "", value = ""]) => ({ label, operator, value })) };
    })
    .filter(({ name }) => !groupedBy(expr).includes(name));
}

function groupedBy(expr: string): readonly string[] {
  return [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(", "));
}

describe("the dashboard", () => {
  test("has a query in every panel, each with a title of its own", () => {
    expect(queries.length).toBeGreaterThanOrEqual(dashboard.panels.length);
    expect(dashboard.panels.every(({ targets }) => targets.length > 0)).toBe(true);
    expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(dashboard.panels.length);
  });

  test.each(queries)("asks for what the demo exports: %s: %s", (_title, expr) => {
    const selectors = selectorsIn(expr);
    expect(selectors.length).toBeGreaterThan(0);
    const found = selectors.flatMap(({ name, matchers }) => {
      const series = exported.get(name) ?? [];
      const matching = series.filter((labels) =>
        matchers.every(({ label, operator, value }) => {
          const wanted = value === "$namespace" ? ".*" : value;
          const actual = labels[label];
          if (actual === undefined) return false;
          return operator === "=" ? actual === wanted : new RegExp(`^(?:${wanted})$`).test(actual);
        }),
      );
      expect(matching.length, `series of ${name}`).toBeGreaterThan(0);
      return matching;
    });
    for (const label of groupedBy(expr)) {
      expect(
        found.some((labels) => Object.hasOwn(labels, label)),
        `the label ${label}`,
      ).toBe(true);
    }
  });

  test("each value that a query names is one that occurs", () => {
    const named = queries.flatMap(([, expr]) => selectorsIn(expr).flatMap(({ matchers }) => matchers));
    const values = [...exported.values()].flat();
    for (const { label, value } of named.filter((matcher) => matcher.value !== "$namespace")) {
      for (const one of value.split("|"))
        expect(
          values.map((labels) => labels[label]),
          `${label} ${one}`,
        ).toContain(one);
    }
  });

  test("chooses among the namespaces that are exported", () => {
    const namespace = dashboard.templating.list.find(({ name }) => name === "namespace");
    expect(namespace?.query).toMatchObject({ query: "label_values(cache_reads_total, cache_namespace)" });
    expect(exported.get("cache_reads_total")?.every((labels) => "cache_namespace" in labels)).toBe(true);
  });
});
