import { domainsSchema, parsedAdSchema, parsedCvSchema } from "../../origin/language-task.ts";
import type { Services } from "../../service/services.ts";
import { parsedAnswer } from "../answer-schema.ts";
import { doing, type Endpoint, reading } from "../endpoint.ts";
import { domainQuery, textBody } from "../request-schema.ts";

/** What a language model reads out of texts. */
export function textEndpoints({ adviser }: Services): readonly Endpoint[] {
  return [
    doing({
      method: "post",
      path: "/parsed-ads",
      summary: "What a job ad says, and which industries and field of work it speaks of.",
      body: textBody,
      answer: parsedAnswer(parsedAdSchema),
      run: ({ body: { text } }) => adviser.parseAd(text),
    }),
    doing({
      method: "post",
      path: "/parsed-cvs",
      summary: "What a CV says, and which industries and field of work it speaks of.",
      body: textBody,
      answer: parsedAnswer(parsedCvSchema),
      run: ({ body: { text } }) => adviser.parseCv(text),
    }),
    reading({
      isPublic: true,
      path: "/domains",
      summary: "Fields to look for work in.",
      query: domainQuery,
      answer: domainsSchema,
      read: ({ query: { query }, wish }) => adviser.domains(query, wish),
    }),
  ];
}
