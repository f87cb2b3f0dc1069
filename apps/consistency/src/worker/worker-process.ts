/* A worker: one process of an application with its cache. Told what to do by its parent. */
import { redis } from "@tiercache/redis";
import { DatabaseClient } from "../database/database-client.ts";
import { Recorder } from "../history/recorder.ts";
import { assertMutated } from "../mutations/applied.ts";
import { change } from "../operations/invalidate.ts";
import type { OperationPlace } from "../operations/operation.ts";
import { Random } from "../random.ts";
import type { NumberedCommand, WorkerCommand, WorkerOrders } from "./command.ts";
import { Rest } from "./rest.ts";
import { RowCaches } from "./row-caches.ts";
import { shiftDate } from "./shifted-date.ts";
import { TappedTier } from "./tapped-tier.ts";
import { Workload } from "./workload.ts";

const HOUR_MS = 3_600_000;
const STOP_WITHIN_MS = 20_000;

const orders = JSON.parse(process.argv[2] ?? "{}") as WorkerOrders;
const recorder = new Recorder(`w${orders.worker + 1}`);
const random = new Random(orders.seed * 1_000 + orders.worker);
const problem = (what: string): void => recorder.addNow({ kind: "problem", what });

process.on("unhandledRejection", (error) =>
  problem(`unhandled rejection: ${error instanceof Error ? error.stack : String(error)}`),
);
process.on("uncaughtException", (error) => problem(`uncaught exception: ${error.stack ?? error.message}`));
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") problem(`warning: ${warning.stack ?? warning.message}`);
});

let shiftMs = random.between(-HOUR_MS, HOUR_MS);
shiftDate(() => shiftMs);
const stepping = setInterval(() => {
  shiftMs = random.between(-HOUR_MS, HOUR_MS);
}, 3_000);

const tapped = new TappedTier(redis({ url: orders.redisUrl }), recorder);
const database = new DatabaseClient(orders.databasePort);
const caches = new RowCaches(tapped.tier, database, recorder);
const place: OperationPlace = { ...orders, caches, database, recorder, random };
const workload = new Workload(place);
const rest = new Rest(place, tapped);

async function done(command: WorkerCommand): Promise<void> {
  switch (command.do) {
    case "begin":
      return workload.begin();
    case "probe":
      return change(place, command.key);
    case "stop":
      return workload.stop(STOP_WITHIN_MS);
    case "rest":
      return rest.reached();
    case "sweep":
      return rest.sweep();
    case "end":
      return end();
  }
}

/** From here on nothing may keep this process alive. */
async function end(): Promise<void> {
  await caches.cache.close();
  clearInterval(stepping);
  database.close();
  recorder.addNow({ kind: "count", counts: caches.tally.counts });
  await recorder.save(orders.historyPath);
}

process.on("message", ({ id, command }: NumberedCommand) => {
  void done(command).then(() => {
    process.send?.({ id, pending: tapped.pending }, () => {
      if (command.do === "end") process.disconnect();
    });
  });
});
assertMutated();
process.send?.("ready");
