import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { problem, problemOf } from "../http/problem.ts";
import type { LiveHub } from "./live-hub.ts";
import { refusalOf, refusalOfMachine } from "./same-origin.ts";

const maxBodyBytes = 4_096;

/** What the page asks: the stream of states and events, and its buttons. */
export function liveRoutes(hub: LiveHub): Hono {
  const app = new Hono();
  app.get("/live/events", (context) =>
    streamSSE(context, async (stream) => {
      const ended = Promise.withResolvers<void>();
      stream.onAbort(ended.resolve);
      const leave = hub.listen((message) => {
        // A page that has gone is noticed by its abort.
        stream.writeSSE({ data: JSON.stringify(message) }).catch(ended.resolve);
      });
      await ended.promise;
      leave();
    }),
  );
  app.get("/live/instance", async (context) => {
    const { local } = hub;
    if (local === undefined) return problem(context, 503, "This instance is not ready yet.");
    const after = z.coerce.number().int().min(0).catch(0).parse(context.req.query("after"));
    return context.json(await local.monitor.report(after));
  });
  app.post("/live/actions/:name", bodyLimit({ maxSize: maxBodyBytes }), async (context) => {
    const name = context.req.param("name");
    const refusal = hub.actions?.isOfMachine(name) ? refusalOfMachine(context.req.raw) : refusalOf(context.req.raw);
    if (refusal !== undefined) return problem(context, 403, refusal);
    const done = hub.actions?.run(name, await context.req.json());
    if (done === undefined) return problem(context, 404, `Nothing here is called ${name}.`);
    return context.json((await done) ?? {});
  });
  app.onError(problemOf);
  return app;
}
