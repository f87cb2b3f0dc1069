import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Job } from "../src/origin/job.ts";
import { changesOf } from "../src/origin/job-changes.ts";
import { type EventName, invalidations } from "../src/service/events.ts";
import type { AskedValue } from "../src/service/explainer.ts";
import { type Instance, startInstance } from "../src/service/instance.ts";
import { World } from "../src/service/world.ts";
import { silent } from "./silent-observer.ts";

let world: World;
let instance: Instance;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: { MODEL_LATENCY_MS: "0", ENRICHMENT_FAILURE_RATE: "0" } });
});

afterAll(() => world[Symbol.asyncDispose]());

beforeEach(async () => {
  // In the process alone nothing has to be confirmed by anybody, so what is fresh answers, however busy the machine is.
  instance = startInstance(world, { prefix: "events", observer: silent });
  return () => instance.cache.close();
});

/** Everything that is cached of users 7 and 8, jobs and companies, said as it is asked for and explained. */
const asks = {
  "feed page": [(at) => at.board.feedPage({}, 1), { namespace: "jobs", filter: {}, page: 1 }],
  "popular jobs": [(at) => at.board.popular(), { namespace: "popular" }],
  statistics: [(at) => at.board.statistics(), { namespace: "stats" }],
  configuration: [(at) => at.board.configuration(), { namespace: "config" }],
  "7's user": [(at) => at.people.user(7), { namespace: "user-data", userId: 7 }],
  "7's session": [(at) => at.people.session(7), { namespace: "user", userId: 7 }],
  "7's resume": [(at) => at.people.resume(7), { namespace: "resume", userId: 7 }],
  "7's preferences": [(at) => at.people.preferences(7), { namespace: "ijp", userId: 7 }],
  "7's top matches": [(at) => at.matches.top(7), { namespace: "matches", userId: 7 }],
  "7's score": [(at) => at.matches.score(7, 17), { namespace: "match", userId: 7, jobId: 17 }],
  "7's compatibility": [(at) => at.matches.compatibility(7, 17), { namespace: "compat", userId: 7, jobId: 17 }],
  "7's evaluation": [(at) => at.adviser.evaluation(7, 17), { namespace: "eval", userId: 7, jobId: 17 }],
  "7's tailored resume": [(at) => at.adviser.tailoredResume(7, 17), { namespace: "tailor", userId: 7, jobId: 17 }],
  "8's user": [(at) => at.people.user(8), { namespace: "user-data", userId: 8 }],
  "8's session": [(at) => at.people.session(8), { namespace: "user", userId: 8 }],
  "8's resume": [(at) => at.people.resume(8), { namespace: "resume", userId: 8 }],
  "8's preferences": [(at) => at.people.preferences(8), { namespace: "ijp", userId: 8 }],
  "8's top matches": [(at) => at.matches.top(8), { namespace: "matches", userId: 8 }],
  "8's score": [(at) => at.matches.score(8, 17), { namespace: "match", userId: 8, jobId: 17 }],
  "8's evaluation": [(at) => at.adviser.evaluation(8, 17), { namespace: "eval", userId: 8, jobId: 17 }],
  "job 17": [(at) => at.board.job(17), { namespace: "job", jobId: 17 }],
  "company 101": [(at) => at.adviser.company(101), { namespace: "company", companyId: 101 }],
  "company 102": [(at) => at.adviser.company(102), { namespace: "company", companyId: 102 }],
} as const satisfies Record<
  string,
  readonly [ask: (services: Instance["services"]) => Promise<unknown>, asked: AskedValue]
>;

type Asked = keyof typeof asks;

/** Which of the values are fresh no longer after something was done. */
async function endedBy(work: (services: Instance["services"]) => Promise<unknown>): Promise<Asked[]> {
  const { services } = instance;
  const entries = Object.entries(asks) as [Asked, (typeof asks)[Asked]][];
  for (const [, [ask]] of entries) await ask(services);
  for (const [name, [, asked]] of entries) expect([name, await isFresh(asked)]).toEqual([name, true]);
  await work(services);
  const ended: Asked[] = [];
  for (const [name, [, asked]] of entries) if (!(await isFresh(asked))) ended.push(name);
  return ended;
}

/** Looks whether evaluations of user 7 are fresh, now and again later, where they lie by the jobs of now. */
async function evaluationsOf(jobIds: readonly number[]): Promise<() => Promise<boolean[]>> {
  const { jobs, resumes, evaluations } = instance.namespaces;
  const [resume, ...found] = await Promise.all([resumes.get(7), ...jobIds.map((id) => jobs.get(id))]);
  const isFreshNow = async (job: Job | undefined): Promise<boolean> =>
    job !== undefined && resume !== undefined && (await evaluations.explain(job, resume)).answeredBy === "lru";
  const look = () => Promise.all(found.map(isFreshNow));
  expect(await look()).toEqual(jobIds.map(() => true));
  return look;
}

async function isFresh(asked: AskedValue): Promise<boolean> {
  const explanation = await instance.services.explainer.explain(asked);
  return explanation?.answeredBy === "lru" && explanation.stale === undefined;
}

const anything = { categories: [], cities: ["Berlin"], remote: "welcome", minimumSalaryEurPerYear: 0 } as const;
const anotherResume = { city: "Berlin", yearsOfExperience: 9, skills: ["Kafka"], text: "Kafka for nine years." };

describe("what an event ends, and nothing else", () => {
  const rows: readonly (readonly [
    event: Exclude<EventName, "jobs.ingested">,
    work: (services: Instance["services"]) => Promise<unknown>,
    ended: readonly Asked[],
  ])[] = [
    [
      "preferences.updated",
      ({ people }) => people.updatePreferences(7, anything),
      ["7's preferences", "7's top matches", "7's score"],
    ],
    ["user.updated", ({ people }) => people.updateUser(7, { name: "Ada Quinn" }), ["7's user"]],
    ["session.started", ({ people }) => people.logIn(7), ["statistics"]],
    ["session.ended", ({ people }) => people.logOut(7), ["statistics", "7's session"]],
    ["company.enriched", ({ adviser }) => adviser.companyEnriched(101), ["company 101"]],
    [
      "configuration.changed",
      ({ board }) => board.configure({ notice: "Back at noon.", lowestScore: 10 }),
      ["configuration"],
    ],
  ];

  test.each(rows)("%s", async (_event, work, ended) => {
    expect(await endedBy(work)).toEqual(ended);
  });

  test("a session that has started is there for the first page, in place of the one before", async () => {
    const { people } = instance.services;
    const before = (await people.session(7)).value;
    const started = await people.logIn(7);
    expect(started?.sessionId).not.toBe(before?.sessionId);
    expect(await people.session(7)).toMatchObject({ source: "lru", value: started });
    await people.logOut(7);
    expect((await people.session(7)).value).toBeUndefined();
    const again = await people.logIn(7);
    expect(await people.session(7)).toMatchObject({ source: "lru", value: again });
  });

  test("a log-out that comes before a session is written through ends it all the same", async () => {
    const { people } = instance.services;
    const starting = people.logIn(7);
    await people.logOut(7);
    await starting;
    expect((await people.session(7)).value).toBeUndefined();
    await people.logIn(7);
  });

  test("resume.updated", async () => {
    // What was made of it lies under the old text, so that it is looked for there.
    const { evaluations, tailored, jobs, resumes } = instance.namespaces;
    const [job, before] = await Promise.all([jobs.get(17), resumes.get(7)]);
    if (job === undefined || before === undefined) throw new Error("There is no job 17 or no user 7");
    const ended = await endedBy(({ people }) => people.updateResume(7, anotherResume));
    expect(ended).toEqual([
      "7's resume",
      "7's top matches",
      "7's score",
      "7's compatibility",
      "7's evaluation",
      "7's tailored resume",
    ]);
    for (const namespace of [evaluations, tailored]) {
      expect((await namespace.explain(job, before)).answeredBy).toBe("loader");
    }
  });

  test("every row of the table is said by a service that is tested here", () => {
    const tested = [...rows.map(([event]) => event), "resume.updated", "jobs.ingested"];
    expect(tested.toSorted()).toEqual(Object.keys(invalidations).toSorted());
  });

  test("an update of a user who does not exist ends nothing", async () => {
    const ended = await endedBy(async ({ people }) => {
      expect(await people.updatePreferences(999_999, anything)).toBeUndefined();
      expect(await people.updateResume(999_999, anotherResume)).toBeUndefined();
      expect(await people.updateUser(999_999, { name: "Nobody" })).toBeUndefined();
      expect(await people.logIn(999_999)).toBeUndefined();
    });
    expect(ended).toEqual([]);
  });
});

describe("a run of the job feed", () => {
  test("ends of all jobs only those that it has changed, and these are others then", async () => {
    const { services, namespaces } = instance;
    const jobs = await world.origins.jobs.listAll();
    await namespaces.jobs.getMany(jobs.map(({ id }) => id));
    const report = await services.ingestion.run({ added: 3, changed: 40, removed: 5 });
    // Three new texts, and every other changed one.
    expect(report).toMatchObject({ added: 3, changed: 40, removed: 5, embedded: 23 });
    const ended = jobs.map(({ id }) => id).filter((id) => namespaces.jobs.peek(id) === undefined);
    const { changed = [], removed = [] } = report?.jobIds ?? {};
    expect(ended).toEqual([...changed, ...removed].toSorted((one, other) => one - other));
    expect(await namespaces.jobs.getMany(removed)).toEqual(removed.map(() => undefined));
    const before = new Map(jobs.map((job) => [job.id, job]));
    for (const job of await namespaces.jobs.getMany(changed)) expect(job).not.toEqual(before.get(job?.id ?? 0));
  });

  test("ends scores and evaluations of the jobs that it changes, and likenesses where the text is another", async () => {
    const { services } = instance;
    const jobs = await world.origins.jobs.listAll();
    const amount = { added: 0, changed: 4, removed: 1 };
    const run = (world.origins.ingestions.last()?.run ?? 0) + 1;
    // What the run will do is known: every other change is one of the text.
    const { changed, removedIds } = changesOf(jobs, { ...amount, seed: world.seed, run });
    const changedIds = changed.map(({ id }) => id);
    const others = jobs.map(({ id }) => id).filter((id) => !changedIds.includes(id) && !removedIds.includes(id));
    const looked = [...changedIds, ...others.slice(0, 3)];
    await Promise.all(
      looked.flatMap((id) => [
        services.matches.score(7, id),
        services.matches.compatibility(7, id),
        services.adviser.evaluation(7, id),
      ]),
    );
    const evaluated = await evaluationsOf(looked);
    await services.ingestion.run(amount);
    const found = await Promise.all(
      looked.map(async (jobId) => ({
        score: await isFresh({ namespace: "match", userId: 7, jobId }),
        compatibility: await isFresh({ namespace: "compat", userId: 7, jobId }),
      })),
    );
    const [reworded, paid, same] = [
      { score: false, compatibility: false },
      { score: false, compatibility: true },
      { score: true, compatibility: true },
    ];
    expect(found).toEqual([reworded, paid, reworded, paid, same, same, same]);
    expect(await evaluated()).toEqual([false, false, false, false, true, true, true]);
  });

  test("is made though nothing can be embedded", async () => {
    const { conduct } = world.providers.model;
    conduct.change({ failureRate: 1 });
    const report = await instance.services.ingestion.run({ added: 2, changed: 0, removed: 0 });
    conduct.change({ failureRate: 0 });
    expect(report).toMatchObject({ added: 2, embedded: 0 });
    expect(await instance.namespaces.jobs.getMany(report?.jobIds.added ?? [])).not.toContain(undefined);
  });

  test("ends whatever is counted or listed of all jobs, and nothing of people", async () => {
    const ended = await endedBy(({ ingestion }) => ingestion.run({ added: 1, changed: 0, removed: 0 }));
    expect(ended).toEqual(["feed page", "popular jobs", "statistics", "7's top matches", "8's top matches"]);
  });

  test("lets a job be found that was asked for before it was there", async () => {
    const { services } = instance;
    const { run = 0 } = world.origins.ingestions.last() ?? {};
    const id = 1_000_000 * (run + 1) + 1;
    expect((await services.board.job(id)).value).toBeUndefined();
    const report = await services.ingestion.run({ added: 1, changed: 0, removed: 0 });
    expect(report?.jobIds.added).toEqual([id]);
    expect((await services.board.job(id)).value).toMatchObject({ id });
  });
});
