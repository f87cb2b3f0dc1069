import { configurationSchema } from "../../origin/configuration.ts";
import { OvertakenRunError } from "../../origin/ingestion-log.ts";
import type { Services } from "../../service/services.ts";
import {
  cacheStatisticsAnswer,
  explanationAnswer,
  healthAnswer,
  ingestionAnswer,
  warmAnswers,
  writeAnswer,
} from "../answer-schema.ts";
import { doing, type Endpoint } from "../endpoint.ts";
import { refusal } from "../problem.ts";
import {
  companyPath,
  explanationBody,
  ingestionBody,
  namespacePath,
  tagsBody,
  userPath,
  warmingBody,
} from "../request-schema.ts";

const operators = { access: "operators" } as const;

/** What operators do. Refused to everybody where no token is configured. */
export function managementEndpoints(services: Services): readonly Endpoint[] {
  return [...lookingEndpoints(services), ...endingEndpoints(services), ...workingEndpoints(services)];
}

function lookingEndpoints({ management, explainer }: Services): readonly Endpoint[] {
  return [
    doing({
      ...operators,
      method: "get",
      path: "/management/statistics",
      summary: "What the cache has done, by namespace and tier, and which jobs are opened most.",
      answer: cacheStatisticsAnswer,
      run: () => management.statistics(),
    }),
    doing({
      ...operators,
      method: "get",
      path: "/management/health",
      summary: "How the cache is, with a live round trip to each remote tier.",
      answer: healthAnswer,
      run: () => management.health(),
    }),
    doing({
      ...operators,
      method: "post",
      path: "/management/explanations",
      summary: "What each tier holds of a value, and who would answer a read of it now. Shows no value.",
      body: explanationBody,
      answer: explanationAnswer,
      otherwise: "There is no such job or resume.",
      run: ({ body }) => explainer.explain(body),
    }),
  ];
}

function endingEndpoints({ management, adviser, board }: Services): readonly Endpoint[] {
  return [
    doing({
      ...operators,
      method: "delete",
      path: "/management/namespaces/:namespace/entries",
      summary: "Forgets everything in a namespace.",
      params: namespacePath,
      answer: writeAnswer,
      run: ({ params: { namespace } }) => management.clear(namespace),
    }),
    doing({
      ...operators,
      method: "post",
      path: "/management/invalidations",
      summary: "Ends everything that has one of these tags, in all namespaces.",
      body: tagsBody,
      answer: writeAnswer,
      run: ({ body: { tags } }) => management.invalidate(tags),
    }),
    doing({
      ...operators,
      method: "post",
      path: "/management/companies/:companyId/enrichments",
      summary: "To be called when the enrichment provider has learned something about a company.",
      params: companyPath,
      run: ({ params: { companyId } }) => adviser.companyEnriched(companyId),
    }),
    doing({
      ...operators,
      method: "put",
      path: "/management/configuration",
      summary: "Sets the configuration.",
      body: configurationSchema,
      answer: configurationSchema,
      run: ({ body }) => board.configure(body),
    }),
  ];
}

function workingEndpoints({ ingestion, warming }: Services): readonly Endpoint[] {
  return [
    doing({
      ...operators,
      method: "post",
      path: "/management/ingestions",
      summary: "Runs the job feed, one run at a time among all instances.",
      body: ingestionBody,
      answer: ingestionAnswer,
      run: async ({ body }) => {
        const report = await ingestion.run(body).catch((error: unknown) => {
          if (error instanceof OvertakenRunError) return undefined;
          throw error;
        });
        return report ?? refuse("Another run is under way.");
      },
    }),
    doing({
      ...operators,
      method: "post",
      path: "/management/users/:userId/warming",
      summary: "Loads what a user meets first, where no tier has it fresh.",
      params: userPath,
      answer: warmAnswers,
      run: ({ params: { userId }, signal }) => warming.user(userId, { signal }),
    }),
    doing({
      ...operators,
      method: "post",
      path: "/management/warming",
      summary: "Computes the scores of the most popular jobs for users, by one instance at a time.",
      body: warmingBody,
      answer: warmAnswers,
      run: async ({ body, signal }) =>
        (await warming.popular({ ...body, signal })) ?? refuse("Another instance is at it."),
    }),
  ];
}

function refuse(why: string): never {
  throw refusal(409, why);
}
