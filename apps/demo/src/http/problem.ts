import { isCacheError } from "@tiercache/core";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { ProviderError } from "../origin/provider-error.ts";

const titles = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  413: "Too large",
  500: "Internal error",
  502: "A provider has failed",
  503: "Not available",
  504: "Too late",
} as const;

/** What a request may fail with. */
export type ProblemStatus = keyof typeof titles;

/** A problem document (RFC 9457). */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
});

/** Answers with a problem document. */
export function problem(context: Context, status: ContentfulStatusCode, detail: string): Response {
  const title = titles[status as ProblemStatus] ?? titles[500];
  const body = JSON.stringify({ type: "about:blank", title, status, detail } satisfies z.infer<typeof problemSchema>);
  return context.body(body, status, { "content-type": "application/problem+json" });
}

/** Ends a request with a problem. */
export function refusal(status: ProblemStatus, detail: string): HTTPException {
  return new HTTPException(status, { message: detail });
}

/** Answers for whatever was thrown. What went wrong inside is the operator's to read, not the caller's. */
export function problemOf(error: Error, context: Context): Response {
  if (error instanceof z.ZodError) return problem(context, 400, z.prettifyError(error));
  if (error instanceof SyntaxError) return problem(context, 400, "The body is no JSON.");
  if (error instanceof HTTPException) return problem(context, error.status, error.message);
  // The caller has gone: nobody reads this.
  if (context.req.raw.signal.aborted) return problem(context, 500, "The request was given up.");
  report(error, context);
  if (error instanceof ProviderError) {
    context.header("retry-after", "1");
    return error.status === 429 || error.code === "UNREACHABLE"
      ? problem(context, 503, "A provider that this needs is overloaded; try again.")
      : problem(context, 502, "A provider that this needs has failed; try again.");
  }
  if (isCacheError(error) && error.code === "LOCK_UNAVAILABLE") {
    return problem(context, 503, "It cannot be made sure now that this is done once at a time; try again.");
  }
  if (isCacheError(error) && error.code === "LOAD_TIMEOUT") return problem(context, 504, "This took too long.");
  return problem(context, 500, "The request could not be answered.");
}

/** Says what has failed by names, codes and places: messages may quote what people have sent. */
function report(error: Error, { req: { method, routePath } }: Context): void {
  const { name, code, status, stack = "" } = error as Error & { readonly code?: unknown; readonly status?: unknown };
  const parts = [name, code, status].filter((part) => typeof part === "string" || typeof part === "number");
  const isExpected = error instanceof ProviderError || isCacheError(error);
  const places = isExpected ? [] : stack.split("\n").filter((line) => /^\s+at /.test(line));
  process.stderr.write(`${[`Request failed: ${method} ${routePath}: ${parts.join(" ")}`, ...places].join("\n")}\n`);
}
