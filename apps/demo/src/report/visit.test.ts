import { expect, test } from "vitest";
import type { JobMatching } from "./job-matching.ts";
import { runVisits, type Visit } from "./visit.ts";

const never = () => Promise.reject(new Error("not asked for"));

/** A service that answers only with the vectors it is given. */
function answering(vector: Float32Array): JobMatching {
  return { feedPage: never, job: never, topMatches: never, matchScore: never, embeddings: async () => [vector] };
}

const visit: Visit = async (ask) => {
  await ask((service) => service.embeddings(["text"]));
};

async function digestOf(vector: Float32Array): Promise<string | undefined> {
  const { digests } = await runVisits([visit], { concurrency: 1, serviceOf: () => answering(vector) });
  return digests[0];
}

test("equal answers have equal digests, wherever in a buffer they lie", async () => {
  const larger = Float32Array.of(9, 1, 2);
  expect(await digestOf(Float32Array.of(1, 2))).toBe(await digestOf(larger.subarray(1)));
});

test("answers that differ in one bit of one number have other digests", async () => {
  expect(await digestOf(Float32Array.of(1, 2))).not.toBe(await digestOf(Float32Array.of(1, 2.0000002)));
  expect(await digestOf(Float32Array.of(0))).not.toBe(await digestOf(Float32Array.of(-0)));
});

test("every visit is made once, whatever the number of visitors", async () => {
  const made: number[] = [];
  const visits = Array.from(
    { length: 20 },
    (_, index): Visit =>
      async () =>
        void made.push(index),
  );
  const run = await runVisits(visits, { concurrency: 7, serviceOf: () => answering(Float32Array.of()) });
  expect(made.toSorted((one, other) => one - other)).toEqual(visits.map((_, index) => index));
  expect(run.digests).toHaveLength(20);
});

test("a visit is served by the instance its index belongs to", async () => {
  const asked: number[] = [];
  const visits = Array.from({ length: 4 }, () => visit);
  const serviceOf = (index: number): JobMatching => {
    asked.push(index);
    return answering(Float32Array.of(index));
  };
  await runVisits(visits, { concurrency: 2, serviceOf });
  expect(asked.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3]);
});
