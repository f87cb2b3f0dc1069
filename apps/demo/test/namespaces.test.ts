import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { days, hours, minutes, seconds } from "@tiercache/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { invalidations } from "../src/service/events.ts";
import type { AskedValue } from "../src/service/explainer.ts";
import { type Instance, startInstance } from "../src/service/instance.ts";
import { type NamespaceName, namespaceNames } from "../src/service/namespaces/lifetimes.ts";
import { callsOf } from "../src/service/origins.ts";
import { World } from "../src/service/world.ts";
import { silent } from "./silent-observer.ts";

let world: World;
let instance: Instance;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: { MODEL_LATENCY_MS: "0", ENRICHMENT_FAILURE_RATE: "0" } });
  // In the process alone nothing has to be confirmed by anybody, so what is fresh answers, however busy the machine is.
  instance = startInstance(world, { prefix: "namespaces", observer: silent });
});

afterAll(async () => {
  await instance.cache.close();
  await world[Symbol.asyncDispose]();
});

/** What one value of a namespace is to be like. */
interface Row {
  /** Asks the service for it. */
  readonly ask: (instance: Instance) => Promise<unknown>;
  readonly asked: AskedValue;
  readonly key: string | RegExp;
  readonly tags: readonly string[];
  /** In production. */
  readonly ttlMs: number;
}

const text = "Senior Backend Engineer in Berlin. You own PostgreSQL and Kafka. 5 years of practice.";
const hash = createHash("sha256").update(text).digest("hex");
const never = Number.POSITIVE_INFINITY;

const rows: Readonly<Record<NamespaceName, Row>> = {
  jobs: {
    ask: ({ services }) => services.board.feedPage({ category: "backend", remote: true }, 2),
    asked: { namespace: "jobs", filter: { remote: true, category: "backend" }, page: 2 },
    key: "namespaces/jobs:category=backend&remote=true:2",
    tags: ["feed", "feed%3Apages"],
    ttlMs: minutes(5),
  },
  job: {
    ask: ({ services }) => services.board.job(17),
    asked: { namespace: "job", jobId: 17 },
    key: "namespaces/job:17",
    tags: ["job%3A17", "feed"],
    ttlMs: hours(1),
  },
  popular: {
    ask: ({ services }) => services.board.popular(),
    asked: { namespace: "popular" },
    key: "namespaces/popular:projects",
    tags: ["popular"],
    ttlMs: minutes(30),
  },
  stats: {
    ask: ({ services }) => services.board.statistics(),
    asked: { namespace: "stats" },
    key: "namespaces/stats:overview",
    tags: ["statistics"],
    ttlMs: seconds(60),
  },
  config: {
    ask: ({ services }) => services.board.configuration(),
    asked: { namespace: "config" },
    key: "namespaces/config:service",
    tags: ["configuration"],
    ttlMs: hours(1),
  },
  resume: {
    ask: ({ services }) => services.people.resume(7),
    asked: { namespace: "resume", userId: 7 },
    key: "namespaces/resume:7:master",
    tags: ["resume%3A7"],
    ttlMs: hours(1),
  },
  ijp: {
    ask: ({ services }) => services.people.preferences(7),
    asked: { namespace: "ijp", userId: 7 },
    key: "namespaces/ijp:7",
    tags: ["user%3A7%3Apreferences"],
    ttlMs: hours(1),
  },
  user: {
    ask: ({ services }) => services.people.session(7),
    asked: { namespace: "user", userId: 7 },
    key: "namespaces/user:7:session",
    tags: ["user%3A7%3Asession"],
    ttlMs: minutes(15),
  },
  "user-data": {
    ask: ({ services }) => services.people.user(7),
    asked: { namespace: "user-data", userId: 7 },
    key: "namespaces/user-data:7",
    tags: ["user%3A7"],
    ttlMs: minutes(5),
  },
  match: {
    ask: ({ services }) => services.matches.score(7, 17),
    asked: { namespace: "match", userId: 7, jobId: 17 },
    key: "namespaces/match:7:17",
    tags: ["user%3A7%3Amatches", "job%3A17"],
    ttlMs: hours(24),
  },
  matches: {
    ask: ({ services }) => services.matches.top(7),
    asked: { namespace: "matches", userId: 7 },
    key: "namespaces/matches:7:top",
    tags: ["user%3A7%3Amatches", "matches%3Alists"],
    ttlMs: hours(1),
  },
  compat: {
    ask: ({ services }) => services.matches.compatibility(7, 17),
    asked: { namespace: "compat", userId: 7, jobId: 17 },
    key: "namespaces/compat:7:17",
    tags: ["resume%3A7", "job%3A17%3Atext"],
    ttlMs: hours(6),
  },
  embed: {
    ask: ({ services }) => services.matches.embeddings([text]),
    asked: { namespace: "embed", text },
    key: `namespaces/embed:local-feature-hashing-768:${hash}`,
    tags: [],
    ttlMs: days(7),
  },
  eval: {
    ask: ({ services }) => services.adviser.evaluation(7, 17),
    asked: { namespace: "eval", userId: 7, jobId: 17 },
    key: /^namespaces\/eval:17:[\da-f]{64}$/,
    tags: ["job%3A17", "resume%3A7"],
    ttlMs: never,
  },
  tailor: {
    ask: ({ services }) => services.adviser.tailoredResume(7, 17),
    asked: { namespace: "tailor", userId: 7, jobId: 17 },
    key: /^namespaces\/tailor:17:[\da-f]{64}$/,
    tags: ["job%3A17", "resume%3A7"],
    ttlMs: never,
  },
  "parsed-ad": {
    ask: ({ services }) => services.adviser.parseAd(text),
    asked: { namespace: "parsed-ad", text },
    key: `namespaces/parsed-ad:${hash}`,
    tags: [],
    ttlMs: days(30),
  },
  "parsed-cv": {
    ask: ({ services }) => services.adviser.parseCv(text),
    asked: { namespace: "parsed-cv", text },
    key: `namespaces/parsed-cv:${hash}`,
    tags: [],
    ttlMs: days(30),
  },
  industries: {
    ask: ({ services }) => services.adviser.parseAd(text),
    asked: { namespace: "industries", text },
    key: `namespaces/industries:${hash}`,
    tags: [],
    ttlMs: days(30),
  },
  "role-category": {
    ask: ({ services }) => services.adviser.parseCv(text),
    asked: { namespace: "role-category", text },
    key: `namespaces/role-category:${hash}`,
    tags: [],
    ttlMs: days(30),
  },
  domains: {
    ask: ({ services }) => services.adviser.domains(" Kafka "),
    asked: { namespace: "domains", text: "kafka" },
    key: "namespaces/domains:kafka",
    tags: [],
    ttlMs: hours(1),
  },
  company: {
    ask: ({ services }) => services.adviser.company(101),
    asked: { namespace: "company", companyId: 101 },
    key: "namespaces/company:101:enrichment",
    tags: ["company%3A101"],
    ttlMs: days(30),
  },
};

describe.each(namespaceNames)("the namespace %s", (name) => {
  const { ask, asked, key, tags, ttlMs } = rows[name];

  test("keeps what was asked for under its key, with its tags, for as long as the table says", async () => {
    await ask(instance);
    const explanation = await instance.services.explainer.explain(asked);
    if (typeof key === "string") expect(explanation?.key).toBe(key);
    else expect(explanation?.key).toMatch(key);
    const [held] = explanation?.tiers ?? [];
    if (held?.holds !== "fresh") throw new Error(`It holds ${held?.holds}`);
    expect(held.tags.map(({ tag }) => tag)).toEqual(tags);
    expect(held.ageMs + held.freshForMs).toBeCloseTo(ttlMs, 0);
  });

  test("answers the second time without asking an origin", async () => {
    await ask(instance);
    const before = callsOf(world.origins);
    await ask(instance);
    expect(callsOf(world.origins)).toEqual(before);
  });
});

test("five namespaces declare the hit rates that their users ask for", () => {
  const targets = namespaceNames.flatMap((name) => {
    const { target } = instance.cache.stats().namespaces[name] ?? {};
    return target === undefined ? [] : [[name, target] as const];
  });
  expect(Object.fromEntries(targets)).toEqual({ ijp: 0.95, user: 0.99, match: 0.8, embed: 0.85, company: 0.9 });
});

test("the README names every namespace and every event", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const names = [...namespaceNames, ...Object.keys(invalidations)];
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
