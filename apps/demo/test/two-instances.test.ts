import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AskedValue } from "../src/service/explainer.ts";
import { type Instance, startInstance } from "../src/service/instance.ts";
import { World } from "../src/service/world.ts";
import { eventually } from "./rare-traffic.ts";
import { silent } from "./silent-observer.ts";

let world: World;
let redis: RedisServer;
let one: Instance;
let other: Instance;
let prefix: string;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: { MODEL_LATENCY_MS: "0", ENRICHMENT_FAILURE_RATE: "0" } });
  redis = await startRedis();
});

afterAll(async () => {
  await redis.stop();
  await world[Symbol.asyncDispose]();
});

beforeEach(async (context) => {
  prefix = `two-${context.task.id}`;
  [one, other] = [0, 1].map(() => startInstance(world, { redisUrl: redis.url, prefix, observer: silent })) as [
    Instance,
    Instance,
  ];
  // Both hear what the other announces.
  await eventually(() => [one, other].every(({ cache }) => cache.stats().certificateAgeMs !== undefined));
  return async () => void (await Promise.all([one.cache.close(), other.cache.close()]));
});

/** Whether the other instance would be answered by a tier. */
async function isFresh(asked: AskedValue): Promise<boolean> {
  const explanation = await other.services.explainer.explain(asked);
  return explanation?.answeredBy === "lru" || explanation?.answeredBy === "redis";
}

const anything = { categories: [], cities: ["Berlin"], remote: "welcome", minimumSalaryEurPerYear: 1 } as const;

describe("two instances over one Redis", () => {
  test("a change of preferences on one ends on the other what was made of them, and nothing else", async () => {
    const { matches, people } = other.services;
    const asked = { preferences: { namespace: "ijp", userId: 7 }, list: { namespace: "matches", userId: 7 } } as const;
    // A busy machine may miss the deadline of a write: until both have been kept.
    await eventually(async () => {
      await Promise.all([matches.top(7), matches.top(8), people.preferences(7)]);
      return (await isFresh(asked.list)) && (await isFresh(asked.preferences)) && isFresh({ ...asked.list, userId: 8 });
    });
    await one.services.people.updatePreferences(7, anything);
    await eventually(async () => !(await isFresh(asked.list)) && !(await isFresh(asked.preferences)));
    await eventually(() => isFresh({ ...asked.list, userId: 8 }));
    expect((await people.preferences(7)).value).toEqual({ userId: 7, ...anything });
  });

  test("a session that was started on one takes the place of the one before on the other", async () => {
    await other.services.people.session(10);
    const started = await one.services.people.logIn(10);
    await eventually(async () => (await other.services.people.session(10)).value?.sessionId === started?.sessionId);
  });

  test("a session that was ended on one is ended on the other", async () => {
    const asked = { namespace: "user", userId: 9 } as const;
    await one.services.people.logIn(9);
    await eventually(async () => {
      await other.services.people.session(9);
      return isFresh(asked);
    });
    await one.services.people.logOut(9);
    await eventually(async () => !(await isFresh(asked)));
    expect((await other.services.people.session(9)).value).toBeUndefined();
  });

  test("of two runs of the job feed at once one is made, and the next one may be made anywhere", async () => {
    const amount = { added: 1, changed: 1, removed: 1 };
    const reports = await Promise.all([one, other].map(({ services }) => services.ingestion.run(amount)));
    expect(reports.filter((report) => report !== undefined)).toHaveLength(1);
    const last = world.origins.ingestions.last()?.run ?? 0;
    expect(await other.services.ingestion.run(amount)).toMatchObject({ run: last + 1 });
  });

  test("a run that has lost its lock to a later one writes nothing, and says so", async () => {
    const { jobs, ingestions } = world.origins;
    const before = await jobs.listAll();
    const prepare = jobs.prepare.bind(jobs);
    // While it writes its table, another run with a higher token comes to its end.
    jobs.prepare = async (table) => {
      const { run = 0 } = ingestions.last() ?? {};
      ingestions.commit({ run: run + 1, added: 0, changed: 0, removed: 0 }, Number.MAX_SAFE_INTEGER - 1, () => {});
      return prepare(table);
    };
    try {
      await expect(one.services.ingestion.run()).rejects.toThrow("A later run has written the job table already");
    } finally {
      jobs.prepare = prepare;
    }
    expect(await jobs.listAll()).toEqual(before);
  });

  test("one of them warms at a time", async () => {
    const userIds = [60, 61, 62];
    const reports = await Promise.all(
      [one, other].map(({ services }) => services.warming.popular({ userIds, jobs: 5 })),
    );
    const made = reports.filter((report) => report !== undefined);
    expect(made).toHaveLength(1);
    expect(made[0]?.["match"]).toMatchObject({ keys: 15, loaded: 15, failed: 0 });
  });

  test("what belongs to a person is unreadable in Redis, and what belongs to nobody is not hidden", async () => {
    const { services } = one;
    const cv = "Ada Quinn, Backend Engineer in Berlin. Kafka and Go. 9 years of practice.";
    const families = ["user-data", "resume", "ijp", "user", "eval", "tailor", "parsed-cv", "job"];
    // A busy machine may miss the deadline of a write: until all of it lies there.
    let stored: ReadonlyMap<string, string> = new Map();
    await eventually(async () => {
      await Promise.all([
        services.people.user(7),
        services.people.resume(7),
        services.people.preferences(7),
        services.people.session(7),
        services.adviser.evaluation(7, 17),
        services.adviser.tailoredResume(7, 17),
        services.adviser.parseCv(cv),
        services.board.job(17),
      ]);
      await one.cache.drain();
      stored = await storedIn(redis.url, `${prefix}/`);
      return families.every((family) => [...stored.keys()].some((key) => key.startsWith(`${family}:`)));
    });
    const resume = await one.namespaces.resumes.get(7);
    const job = await one.namespaces.jobs.get(17);
    const words = [
      ...(resume?.skills ?? []),
      "session-1-7",
      "Backend",
      "welcome",
      "people.example",
      "asked for",
      "Ada",
    ];
    for (const [key, bytes] of stored) {
      if (!/^(user-data|resume|ijp|user|eval|tailor|parsed-cv):/.test(key)) continue;
      for (const word of words) expect([key, word, bytes.includes(word)]).toEqual([key, word, false]);
    }
    expect(stored.get("job:17")).toContain(job?.title);
  });
});

/** What lies in Redis under keys with this beginning, by the rest of the key. */
async function storedIn(url: string, beginning: string): Promise<ReadonlyMap<string, string>> {
  const client = new Redis(url);
  const stored = new Map<string, string>();
  for (const key of await client.keys(`${beginning}*`)) {
    stored.set(key.slice(beginning.length), (await client.getBuffer(key))?.toString("latin1") ?? "");
  }
  await client.quit();
  return stored;
}
