import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { problemSchema } from "./problem.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** The description of endpoints as OpenAPI 3.1, from the same schemas that check requests. */
export function openApiOf(endpoints: readonly Endpoint[]): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [endpoint.method]: operationOf(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Job matching on tiercache", version: "1.0.0", description: "The demo of tiercache." },
    paths,
    components: {
      securitySchemes: { operators: { type: "http", scheme: "bearer" } },
      schemas: { Problem: schemaOf(problemSchema, "output") },
      responses: { Problem: { description: "A problem document (RFC 9457).", content: problemContent } },
    },
  };
}

const problemContent = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
const problemResponse = { $ref: "#/components/responses/Problem" };

function operationOf(endpoint: Endpoint): JsonObject {
  const { summary, params, query, body, access } = endpoint;
  return {
    summary,
    operationId: `${endpoint.method} ${endpoint.path}`.replaceAll(/[^\w]+/g, "_"),
    tags: [endpoint.path.split("/")[1] ?? ""],
    parameters: [...parametersOf(params, "path"), ...parametersOf(query, "query")],
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } },
    }),
    responses: responsesOf(endpoint),
    ...(access === "operators" && { security: [{ operators: [] }] }),
  };
}

function responsesOf({ params, query, body, answer, read, otherwise, access }: Endpoint): JsonObject {
  const schema = answer && schemaOf(answer, "output");
  return {
    ...(schema && {
      200: { description: "Done.", content: { "application/json": { schema } }, ...(read && cacheHeaders) },
    }),
    ...(schema === undefined && { 204: { description: "Done." } }),
    ...(read && { 304: { description: "What If-None-Match names still holds." } }),
    ...((params ?? query ?? body) && { 400: problemResponse }),
    ...(access === "operators" && { 401: problemResponse, 403: problemResponse }),
    ...(otherwise !== undefined && { 404: { ...problemResponse, description: otherwise } }),
    default: problemResponse,
  };
}

const text = { schema: { type: "string" } };
const cacheHeaders = { headers: { "Cache-Status": text, "X-Cache-Hit": text, ETag: text, Age: text } };

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query"): JsonObject[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
    readonly properties?: Readonly<Record<string, JsonObject>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, described]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: described,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return described;
}
