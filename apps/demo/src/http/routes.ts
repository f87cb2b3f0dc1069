import type { Context } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import type { JobFilter } from "../origin/job-filter.ts";
import type { JobMatching } from "../service/job-matching.ts";
import { problem } from "./problem.ts";
import { embeddingBody, feedQuery, jobPath, scorePath, userPath } from "./request-schema.ts";

const maxBodyBytes = 4 * 1024 * 1024;

/** The routes, for people who open the address. */
export const routeList = [
  "GET /jobs?category=&city=&remote=&seniority=&skill=&minimumSalaryEurPerYear=&page=",
  "GET /jobs/:jobId",
  "GET /users/:userId/matches",
  "GET /users/:userId/matches/:jobId",
  'POST /embeddings {"texts": ["…"]}',
  "GET /metrics",
] as const;

/** The HTTP face of the service: checks what comes in, asks, and answers as JSON. It knows nothing of caching. */
export function routesOf(service: JobMatching): Hono {
  const app = new Hono();
  app.get("/", (context) => context.json({ service: "job matching on tiercache", routes: routeList }));
  app.get("/jobs", async (context) => {
    const { page = 1, ...filter } = feedQuery.parse(context.req.query());
    return context.json(await service.feedPage(filter as JobFilter, page));
  });
  app.get("/jobs/:jobId", async (context) => {
    const { jobId } = jobPath.parse(context.req.param());
    return found(context, await service.job(jobId), `There is no job ${jobId}.`);
  });
  app.get("/users/:userId/matches", async (context) => {
    const { userId } = userPath.parse(context.req.param());
    return found(context, await service.topMatches(userId), `There is no user ${userId}.`);
  });
  app.get("/users/:userId/matches/:jobId", async (context) => {
    const { userId, jobId } = scorePath.parse(context.req.param());
    return found(context, await service.matchScore(userId, jobId), `There is no user ${userId} or no job ${jobId}.`);
  });
  app.post("/embeddings", bodyLimit({ maxSize: maxBodyBytes }), async (context) => {
    const { texts } = embeddingBody.parse(await context.req.json());
    const vectors = await service.embeddings(texts);
    return context.json({ embeddings: vectors.map((vector) => Array.from(vector)) });
  });
  app.notFound((context) => problem(context, 404, "There is no such route; GET / lists them."));
  app.onError(answerError);
  return app;
}

function found(context: Context, value: object | undefined, otherwise: string): Response {
  return value === undefined ? problem(context, 404, otherwise) : context.json(value);
}

function answerError(error: Error, context: Context): Response {
  if (error instanceof z.ZodError) return problem(context, 400, z.prettifyError(error));
  if (error instanceof SyntaxError) return problem(context, 400, "The body is no JSON.");
  if (error instanceof HTTPException) return problem(context, error.status, error.message);
  // What went wrong inside is the operator's, not the caller's.
  process.stderr.write(`Request failed: ${error.name}: ${error.message}\n`);
  return problem(context, 500, "The request could not be answered.");
}
