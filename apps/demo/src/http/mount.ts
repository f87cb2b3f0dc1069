import type { Context } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { describeReading, jsonWithEtag } from "./cached-response.ts";
import type { CheckedRequest, Endpoint } from "./endpoint.ts";
import type { Operators } from "./operators.ts";
import { problem, problemOf, refusal } from "./problem.ts";

const maxBodyBytes = 4 * 1024 * 1024;

/** Serves endpoints: checks who asks and what comes in, asks, and answers as JSON or with a problem document. */
export function mount(endpoints: readonly Endpoint[], operators: Operators): Hono {
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: (context) => problem(context, 413, `A body may have up to ${maxBodyBytes} bytes.`),
  });
  for (const endpoint of endpoints) {
    app.on(endpoint.method.toUpperCase(), endpoint.path, limit, (context) => answer(context, endpoint, operators));
  }
  for (const [path, methods] of methodsByPath(endpoints)) {
    app.all(path, (context) => {
      context.header("allow", methods);
      return problem(context, 405, `Allowed here: ${methods}.`);
    });
  }
  app.notFound((context) => problem(context, 404, "There is no such route; GET /openapi.json describes them all."));
  app.onError(problemOf);
  return app;
}

/** Which methods each path has, as the header `Allow` says it. */
function methodsByPath(endpoints: readonly Endpoint[]): ReadonlyMap<string, string> {
  const grouped = Map.groupBy(endpoints, ({ path }) => path);
  return new Map([...grouped].map(([path, all]) => [path, all.map(({ method }) => method.toUpperCase()).join(", ")]));
}

async function answer(context: Context, endpoint: Endpoint, operators: Operators): Promise<Response> {
  const isOperator = operators.areAsking(context.req.header("authorization"));
  if (endpoint.access === "operators" && !isOperator) return refuseAccess(context, operators);
  const request = await checked(context, endpoint, isOperator);
  const value = await valueOf(context, endpoint, request);
  if (value === undefined || value === null) {
    return endpoint.answer === undefined ? context.body(null, 204) : problem(context, 404, endpoint.otherwise ?? "");
  }
  return endpoint.read === undefined ? context.json(value) : jsonWithEtag(context, value);
}

async function valueOf(
  context: Context,
  { read, run, isPublic = false }: Endpoint,
  request: CheckedRequest<never, never, never>,
): Promise<object | null | undefined> {
  if (read === undefined) return (await run?.(request)) as object | undefined;
  const found = await read(request);
  describeReading(context, found, { isForced: request.wish.from === "load", isPublic });
  return found.value;
}

async function checked(
  context: Context,
  { params, query, body }: Endpoint,
  isOperator: boolean,
): Promise<CheckedRequest<never, never, never>> {
  const { signal } = context.req.raw;
  // What is made anew is paid for anew: not for everybody who presses reload.
  const isForced = isOperator && /\bno-cache\b/i.test(context.req.header("cache-control") ?? "");
  return {
    params: params?.parse(context.req.param()) as never,
    query: query?.parse(queryOf(context)) as never,
    body: body?.parse(await context.req.json()) as never,
    wish: isForced ? { signal, from: "load" } : { signal },
    signal,
  };
}

/** Each name once: of two values, nobody can say which one is meant. */
function queryOf(context: Context): Record<string, string> {
  const values = Object.entries(context.req.queries());
  const twice = values.find(([, all]) => all.length > 1);
  if (twice !== undefined) throw refusal(400, `The query has ${twice[0]} more than once.`);
  return Object.fromEntries(values.map(([name, [value = ""]]) => [name, value]));
}

function refuseAccess(context: Context, operators: Operators): Response {
  if (!operators.isConfigured) {
    return problem(context, 403, "This is for operators, and no MANAGEMENT_TOKEN is configured: refused to everybody.");
  }
  context.header("www-authenticate", 'Bearer realm="management"');
  return problem(context, 401, "This is for operators: send their token as Authorization: Bearer.");
}
