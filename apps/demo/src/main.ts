import { serve } from "@hono/node-server";
import { type CommandLine, commandLine, usage } from "./command-line.ts";
import { metricsRoute } from "./http/metrics-route.ts";
import { Operators } from "./http/operators.ts";
import { routesOf } from "./http/routes.ts";
import { requestSequences } from "./load/request-sequence.ts";
import { makeReport } from "./report/make-report.ts";
import { tableOf } from "./report/table.ts";
import { CacheMetrics } from "./service/cache-metrics.ts";
import { cacheSettings } from "./service/cache-settings.ts";
import { startInstance } from "./service/instance.ts";
import { openRemoteServer, type RemoteServer } from "./service/remote-server.ts";
import { World } from "./service/world.ts";

/** Standard output belongs to the report: everything else is said here. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function run(wanted: CommandLine): Promise<void> {
  const world = await World.open({
    seed: wanted.seed,
    environment: process.env,
    onProgress: ({ stage, done, total }) => {
      if (done === total) say(`Generated ${total.toLocaleString("en-GB")} ${stage}`);
    },
  });
  const opened = await openRemoteServer(process.env);
  const remote = typeof opened === "string" ? undefined : opened;
  if (typeof opened === "string") say(`No remote tier, so the cache is its local tier alone. ${opened}`);
  try {
    await report(world, remote, wanted);
    if (!wanted.once) await serveFrom(world, remote, wanted.port);
  } finally {
    await remote?.[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  }
}

async function report(world: World, remote: RemoteServer | undefined, { json, seed }: CommandLine): Promise<void> {
  const made = await makeReport(world, {
    seed,
    sequences: requestSequences({ seed }),
    remote,
    onScenario: (name) => say(`Running scenario ${name} …`),
  });
  process.stdout.write(json ? `${JSON.stringify(made)}\n` : `\n${tableOf(made)}\n\n`);
}

async function serveFrom(world: World, remote: RemoteServer | undefined, port: number): Promise<void> {
  const metrics = new CacheMetrics();
  const { observer } = metrics;
  const settings = cacheSettings(process.env);
  const { services, cache } = startInstance(world, { redisUrl: remote?.url, prefix: "demo", observer, settings });
  try {
    await serveUntilStopped(routesOf(services, Operators.from(process.env)).route("/", metricsRoute(metrics)), port);
  } finally {
    await cache.close();
  }
}

/** Serves until the process is told to stop, then lets running requests end. */
async function serveUntilStopped(app: ReturnType<typeof routesOf>, port: number): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, ({ port: listening }) => {
    say(`Serving on http://127.0.0.1:${listening}/ (Ctrl-C ends it)`);
  });
  server.once("error", stopped.reject);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.resolve());
  await stopped.promise;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  });
}

try {
  const wanted = commandLine(process.argv.slice(2), process.env);
  if (wanted.help) process.stdout.write(usage);
  else await run(wanted);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
