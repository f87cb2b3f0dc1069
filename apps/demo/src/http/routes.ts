import type { Hono } from "hono";
import { z } from "zod";
import type { Services } from "../service/services.ts";
import { doing, type Endpoint } from "./endpoint.ts";
import { jobEndpoints } from "./endpoints/job-endpoints.ts";
import { managementEndpoints } from "./endpoints/management-endpoints.ts";
import { matchEndpoints } from "./endpoints/match-endpoints.ts";
import { peopleEndpoints } from "./endpoints/people-endpoints.ts";
import { stateEndpoints } from "./endpoints/state-endpoints.ts";
import { textEndpoints } from "./endpoints/text-endpoints.ts";
import { mount } from "./mount.ts";
import { openApiOf } from "./open-api.ts";
import { Operators } from "./operators.ts";

/** Everything the service can be asked for over HTTP. */
export function endpointsOf(services: Services): readonly Endpoint[] {
  const endpoints: Endpoint[] = [
    ...jobEndpoints(services),
    ...peopleEndpoints(services),
    ...matchEndpoints(services),
    ...textEndpoints(services),
    ...stateEndpoints(services),
    ...managementEndpoints(services),
  ];
  endpoints.push(
    doing({
      method: "get",
      path: "/openapi.json",
      summary: "This description.",
      answer: z.looseObject({ openapi: z.string() }),
      run: () => openApiOf(endpoints),
    }),
  );
  return endpoints;
}

/**
 * The HTTP face of the service.
 *
 * @param operators - Who may manage it. @defaultValue nobody
 */
export function routesOf(services: Services, operators: Operators = new Operators(undefined)): Hono {
  return mount(endpointsOf(services), operators);
}
