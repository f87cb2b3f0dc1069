import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Operators } from "../src/http/operators.ts";
import { routesOf } from "../src/http/routes.ts";
import { type Instance, type InstanceOptions, startInstance } from "../src/service/instance.ts";
import type { World } from "../src/service/world.ts";
import { silent } from "./silent-observer.ts";

/** What a request was answered with. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined` where there is none. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/** How to ask. */
export interface Asking {
  /** @defaultValue "GET" */
  readonly method?: string;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The service, listening. */
export interface RunningService extends AsyncDisposable {
  readonly instance: Instance;
  readonly ask: (path: string, asking?: Asking) => Promise<Answered>;
}

/** The token of those who manage it. */
export const token = "correct-horse-battery-staple";

/** Sent by operators. */
export const asOperator = { authorization: `Bearer ${token}` } as const;

/** Starts the service on a free port. */
export async function runService(
  world: World,
  options: Partial<InstanceOptions> & { readonly operators?: Operators } = {},
): Promise<RunningService> {
  const { operators = new Operators(token), ...others } = options;
  const instance = startInstance(world, { prefix: "running", observer: silent, ...others });
  const app = routesOf(instance.services, operators);
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(started));
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    instance,
    ask: (path, asking) => ask(address + path, asking),
    [Symbol.asyncDispose]: async () => {
      await new Promise((closed) => {
        server.close(closed);
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
      await instance.cache.close();
    },
  };
}

async function ask(url: string, { method = "GET", body, headers = {} }: Asking = {}): Promise<Answered> {
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await fetch(url, { method, headers: { "content-type": "application/json", ...headers }, ...sent });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}
