import type { Reading } from "@tiercache/core";
import type { z } from "zod";
import type { Wish } from "../service/wish.ts";

/** Something that can be asked for over HTTP: what comes in, what goes out, and who may ask. */
export interface EndpointDescription<P, Q, B> {
  /** Such as `/users/:userId`. */
  readonly path: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** What is answered with; nothing (204) without it. */
  readonly answer?: z.ZodType;
  /** What is said where there is nothing (404); there always is something without it. */
  readonly otherwise?: string;
  /** Who may ask: for `operators` the bearer token is needed. @defaultValue "anybody" */
  readonly access?: "anybody" | "operators";
}

/** A request, with all that was described checked. */
export interface CheckedRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** How a cached value is to be read for this caller. */
  readonly wish: Wish;
  /** Fires when the caller has gone. */
  readonly signal: AbortSignal;
}

/** An endpoint that answers with a cached value. */
export interface ReadingEndpoint<P, Q, B> extends EndpointDescription<P, Q, B> {
  /** Whether caches that people share may keep the answer. @defaultValue false */
  readonly isPublic?: boolean;
  readonly read: (request: CheckedRequest<P, Q, B>) => Promise<Reading<object | undefined>>;
}

/** An endpoint that does something and answers with what came of it. */
export interface DoingEndpoint<P, Q, B> extends EndpointDescription<P, Q, B> {
  readonly method: "get" | "post" | "put" | "delete";
  readonly run: (request: CheckedRequest<P, Q, B>) => object | undefined | void | Promise<object | undefined | void>;
}

/** An endpoint of either kind, whatever its types. */
export interface Endpoint extends EndpointDescription<unknown, unknown, unknown> {
  readonly method: "get" | "post" | "put" | "delete";
  readonly isPublic?: boolean;
  readonly read?: (request: CheckedRequest<never, never, never>) => Promise<Reading<object | undefined>>;
  readonly run?: (request: CheckedRequest<never, never, never>) => unknown;
}

/** Describes a `GET` of a cached value. */
export function reading<P = unknown, Q = unknown, B = unknown>(endpoint: ReadingEndpoint<P, Q, B>): Endpoint {
  return { ...endpoint, method: "get" };
}

/** Describes anything else. */
export function doing<P = unknown, Q = unknown, B = unknown>(endpoint: DoingEndpoint<P, Q, B>): Endpoint {
  return endpoint;
}
