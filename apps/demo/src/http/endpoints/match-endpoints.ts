import type { Reading } from "@tiercache/core";
import { evaluationSchema, tailoredResumeSchema } from "../../origin/language-task.ts";
import type { Services } from "../../service/services.ts";
import { batchAnswer, compatibilityAnswer, embeddingsAnswer, scoreAnswer, scoresAnswer } from "../answer-schema.ts";
import { doing, type Endpoint, reading } from "../endpoint.ts";
import { batchBody, embeddingBody, scorePath, userPath } from "../request-schema.ts";

const noPair = { params: scorePath, otherwise: "There is no such user or no such job." } as const;

/** What fits whom, how well, and what a model makes of it. */
export function matchEndpoints(services: Services): readonly Endpoint[] {
  return [...scoreEndpoints(services), ...pairEndpoints(services)];
}

function scoreEndpoints({ matches }: Services): readonly Endpoint[] {
  return [
    reading({
      path: "/users/:userId/matches",
      summary: "A user's 20 best matches, best first.",
      params: userPath,
      answer: scoresAnswer,
      otherwise: "There is no such user.",
      read: ({ params: { userId }, wish }) => matches.top(userId, wish),
    }),
    doing({
      method: "post",
      path: "/users/:userId/matches",
      summary: "How well jobs fit a user: a score for each, in their order.",
      params: userPath,
      body: batchBody,
      answer: batchAnswer,
      run: async ({ params: { userId }, body: { jobIds } }) => {
        const scores = await matches.scores(userId, jobIds);
        return { scores: scores.map((score) => score ?? null) };
      },
    }),
    doing({
      method: "post",
      path: "/embeddings",
      summary: "The vectors of texts, in their order.",
      body: embeddingBody,
      answer: embeddingsAnswer,
      run: async ({ body: { texts } }) => {
        const vectors = await matches.embeddings(texts);
        return { embeddings: vectors.map((vector) => Array.from(vector)) };
      },
    }),
  ];
}

function pairEndpoints({ matches, adviser }: Services): readonly Endpoint[] {
  return [
    reading({
      ...noPair,
      path: "/users/:userId/matches/:jobId",
      summary: "How well a job fits a user.",
      answer: scoreAnswer,
      read: ({ params: { userId, jobId }, wish }) => matches.score(userId, jobId, wish),
    }),
    reading({
      ...noPair,
      path: "/users/:userId/matches/:jobId/compatibility",
      summary: "How alike a user's resume and a job are by their texts alone.",
      answer: compatibilityAnswer,
      read: async ({ params: { userId, jobId }, wish }) => named(await matches.compatibility(userId, jobId, wish)),
    }),
    reading({
      ...noPair,
      path: "/users/:userId/matches/:jobId/evaluation",
      summary: "What a language model makes of a user's resume and a job.",
      answer: evaluationSchema,
      read: ({ params: { userId, jobId }, wish }) => adviser.evaluation(userId, jobId, wish),
    }),
    reading({
      ...noPair,
      path: "/users/:userId/matches/:jobId/tailored-resume",
      summary: "A user's resume, written anew for a job by a language model.",
      answer: tailoredResumeSchema,
      read: ({ params: { userId, jobId }, wish }) => adviser.tailoredResume(userId, jobId, wish),
    }),
  ];
}

function named(found: Reading<number | undefined>): Reading<{ readonly compatibility: number } | undefined> {
  const { value: compatibility } = found;
  return { ...found, value: compatibility === undefined ? undefined : { compatibility } };
}
