import { createHash } from "node:crypto";
import type { Reading } from "@tiercache/core";
import type { Context } from "hono";

/** The name of this cache in `Cache-Status`. */
const CACHE_NAME = "tiercache";

/** What is said of a cached value besides itself. */
export interface CachedResponseOptions {
  /** Whether the caller has asked for a value made now. */
  readonly isForced: boolean;
  /** Whether others may be shown the same. */
  readonly isPublic: boolean;
}

/**
 * Says by headers whether a cache had the value: `Cache-Status` (RFC 9211), `X-Cache-Hit`, and `Age` in seconds. Whoever
 * keeps the response is to ask each time whether it still holds, since it may be invalidated at any time.
 */
export function describeReading(
  context: Context,
  { source, ageMs, stale }: Reading<unknown>,
  { isForced, isPublic }: CachedResponseOptions,
): void {
  context.header("cache-control", isPublic ? "public, no-cache" : "private, no-cache");
  if (source === undefined) return;
  const isHit = source !== "loader";
  const detail = stale === undefined ? source : `${source} ${stale}`;
  const forward = isForced ? "fwd=request" : "fwd=miss";
  context.header("cache-status", `${CACHE_NAME}; ${isHit ? "hit" : forward}; detail="${detail}"`);
  context.header("x-cache-hit", String(isHit));
  if (ageMs !== undefined) context.header("age", String(Math.floor(ageMs / 1_000)));
}

/** Answers with JSON and its `ETag`, or with 304 where that is what the caller has already. */
export function jsonWithEtag(context: Context, value: object): Response {
  const body = JSON.stringify(value);
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  context.header("etag", etag);
  if (isKnown(context.req.header("if-none-match"), etag)) return context.body(null, 304);
  return context.body(body, 200, { "content-type": "application/json" });
}

/** Whether `If-None-Match` names this version, compared weakly (RFC 9110, 13.1.2). */
function isKnown(condition: string | undefined, etag: string): boolean {
  if (condition === undefined) return false;
  if (condition.trim() === "*") return true;
  return condition.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
}
