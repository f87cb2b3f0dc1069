import { writeFile } from "node:fs/promises";
import { type CommandLine, commandLine, usage } from "./command-line.ts";
import { Operators } from "./http/operators.ts";
import type { InstanceReady } from "./live/instance-process.ts";
import { Operation } from "./live/operation.ts";
import { ProgressBoard } from "./live/progress-board.ts";
import { requestSequences } from "./load/request-sequence.ts";
import { makeReport } from "./report/make-report.ts";
import { reportPage } from "./report/report-page.ts";
import { afterScenariosText, scenariosText } from "./report/report-text.ts";
import { openRemoteServer, type RemoteServer } from "./service/remote-server.ts";
import { World } from "./service/world.ts";

/** Standard output belongs to the report: everything else is said here. */
const board = new ProgressBoard((text) => process.stderr.write(text), process.stderr.isTTY);

async function run(wanted: CommandLine): Promise<void> {
  // A token that is refused is refused now, not after the report.
  Operators.from(process.env);
  const operation = wanted.once ? undefined : await openOperation(wanted);
  try {
    await runIn(wanted, operation);
  } finally {
    await operation?.[Symbol.asyncDispose]();
  }
}

async function runIn(wanted: CommandLine, operation: Operation | undefined): Promise<void> {
  const world = await World.open({
    seed: wanted.seed,
    environment: process.env,
    onProgress: ({ stage, done, total }) => board.report(`Generated ${stage}`, done, total),
  });
  const opened = await openRemoteServer(process.env);
  const remote = typeof opened === "string" ? undefined : opened;
  if (typeof opened === "string") board.say(`No remote tier, so the cache is its local tier alone. ${opened}`);
  try {
    const page = wanted.serve ? undefined : await report(world, remote, wanted);
    if (operation !== undefined) operation.hub.report = page;
    if (operation !== undefined) await serveUntilStopped(operation, world, { remote, wanted });
  } finally {
    await operation?.[Symbol.asyncDispose]();
    await remote?.[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  }
}

async function openOperation({ host, port, seed }: CommandLine): Promise<Operation> {
  const peers = (process.env["DEMO_PEERS"] ?? "").split(",").filter((address) => address !== "");
  const name = process.env["DEMO_INSTANCE"] ?? "1";
  const operation = await Operation.open({ host, port, seed, name, peers, board });
  if (process.send === undefined) board.say(`The page: ${operation.address}/`);
  return operation;
}

/** Makes the report, says it, and returns it as a page. */
async function report(
  world: World,
  remote: RemoteServer | undefined,
  { json, seed, html }: CommandLine,
): Promise<string> {
  const made = await makeReport(world, {
    seed,
    sequences: requestSequences({ seed }),
    remote,
    onProgress: (what, done, total) => board.report(what, done, total),
    // What is known is shown: the rest takes a while.
    onScenarios: (part) => {
      if (!json) print(scenariosText(part));
    },
  });
  if (json) process.stdout.write(`${JSON.stringify(made)}\n`);
  else print(`${afterScenariosText(made)}\n`);
  const page = reportPage(made);
  if (html !== undefined) await writeFile(html, page);
  return page;
}

function print(text: string): void {
  process.stdout.write(`\n${text}\n`);
}

/** Serves until the process is told to stop, or whoever has started it is gone. */
async function serveUntilStopped(
  operation: Operation,
  world: World,
  { remote, wanted }: { readonly remote: RemoteServer | undefined; readonly wanted: CommandLine },
): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "disconnect"] as const) process.once(signal, () => stopped.resolve());
  await operation.serve(world, remote);
  process.send?.({ address: operation.address } satisfies InstanceReady);
  for (let instance = 2; instance <= wanted.instances; instance++) {
    if (remote === undefined) throw new Error("Several instances need a Redis to share, and there is none.");
    await operation.startAnother(world, remote);
  }
  if (process.send === undefined) board.say(`Serving on ${operation.address}/ (Ctrl-C ends it)`);
  await stopped.promise;
  // Whoever has started it would be waited for.
  if (process.connected) process.disconnect();
}

try {
  const wanted = commandLine(process.argv.slice(2), process.env);
  if (wanted.help) process.stdout.write(usage);
  else await run(wanted);
} catch (error) {
  board.say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
