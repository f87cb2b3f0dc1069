import { companyEnrichmentSchema } from "../../origin/company-enrichment.ts";
import { configurationSchema } from "../../origin/configuration.ts";
import type { Services } from "../../service/services.ts";
import { feedAnswer, jobAnswer, jobsAnswer, statisticsAnswer } from "../answer-schema.ts";
import { type Endpoint, reading } from "../endpoint.ts";
import { companyPath, feedQuery, jobPath } from "../request-schema.ts";

/** What everybody sees: the feed, jobs, companies and numbers. */
export function jobEndpoints(services: Services): readonly Endpoint[] {
  return [...offerEndpoints(services), ...overviewEndpoints(services)];
}

function offerEndpoints({ board, adviser }: Services): readonly Endpoint[] {
  return [
    reading({
      isPublic: true,
      path: "/jobs",
      summary: "A page of the feed, newest first.",
      query: feedQuery,
      answer: feedAnswer,
      read: ({ query: { page = 1, ...filter }, wish }) => board.feedPage(filter, page, wish),
    }),
    reading({
      isPublic: true,
      path: "/jobs/:jobId",
      summary: "A job.",
      params: jobPath,
      answer: jobAnswer,
      otherwise: "There is no such job.",
      read: ({ params: { jobId }, wish }) => board.job(jobId, wish),
    }),
    reading({
      isPublic: true,
      path: "/companies/:companyId",
      summary: "What an enrichment provider knows of a company.",
      params: companyPath,
      answer: companyEnrichmentSchema,
      otherwise: "Nothing is known of such a company.",
      read: ({ params: { companyId }, wish }) => adviser.company(companyId, wish),
    }),
  ];
}

function overviewEndpoints({ board }: Services): readonly Endpoint[] {
  return [
    reading({
      isPublic: true,
      path: "/popular-jobs",
      summary: "The 100 jobs that were opened most.",
      answer: jobsAnswer,
      read: ({ wish }) => board.popular(wish),
    }),
    reading({
      isPublic: true,
      path: "/statistics",
      summary: "What there is, in numbers.",
      answer: statisticsAnswer,
      read: ({ wish }) => board.statistics(wish),
    }),
    reading({
      isPublic: true,
      path: "/configuration",
      summary: "What operators have set.",
      answer: configurationSchema,
      read: ({ wish }) => board.configuration(wish),
    }),
  ];
}
