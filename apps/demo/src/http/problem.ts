import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Answers with a problem document (RFC 9457). */
export function problem(context: Context, status: ContentfulStatusCode, detail: string): Response {
  const titles: Partial<Record<ContentfulStatusCode, string>> = { 400: "Bad request", 404: "Not found" };
  const body = JSON.stringify({ type: "about:blank", title: titles[status] ?? "Internal error", status, detail });
  return context.body(body, status, { "content-type": "application/problem+json" });
}
