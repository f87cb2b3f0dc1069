import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DatabaseClient } from "./database/database-client.ts";
import { faultsNamed } from "./faults/all-faults.ts";
import { runFaults } from "./faults/fault-runner.ts";
import { faultScript } from "./faults/fault-script.ts";
import { Fleet } from "./fleet.ts";
import { DEFAULT_BOUNDS, History } from "./history/history.ts";
import { eventsIn } from "./history/history-files.ts";
import { Recorder } from "./history/recorder.ts";
import { ALL_KEYS, keysOf } from "./key-space.ts";
import { monotonicMs } from "./monotonic.ts";
import { Random } from "./random.ts";
import type { Settings } from "./settings.ts";

/** Does one run, and gives back what was seen in it. */
export async function historyOf(settings: Settings): Promise<History> {
  const folder = settings.historyFolder ?? (await mkdtemp(join(tmpdir(), "tiercache-consistency-")));
  await mkdir(folder, { recursive: true });
  const recorder = new Recorder("conductor");
  try {
    const fleet = await Fleet.start(settings, folder, recorder);
    try {
      await played(fleet, settings, recorder);
    } finally {
      await fleet.stop();
    }
    await recorder.save(join(folder, "conductor.jsonl"));
    return new History(await eventsIn(folder));
  } finally {
    if (settings.historyFolder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function played(fleet: Fleet, { seconds, seed, faults }: Settings, recorder: Recorder): Promise<void> {
  const random = new Random(seed);
  const lastsMs = seconds * 1_000;
  const script = faultScript(faultsNamed(faults), lastsMs, random);
  const probes = random.shuffled(keysOf("probe", "silent"));
  const { server, admin, workers } = fleet;
  const during = (chance: Random): void => changeProbe(fleet, probes.pop(), chance);
  await fleet.tell("begin");
  recorder.addNow({ kind: "step", step: "begun" });
  const endAt = monotonicMs() + lastsMs;
  await runFaults(script, { server, admin, workers, recorder, during });
  if (script.length === 0) for (let probe = 0; probe < 20; probe++) during(random);
  await pause(Math.max(0, endAt - monotonicMs()));
  recorder.addNow({ kind: "step", step: "healed" });
  await fleet.tell("stop");
  const pending = await fleet.tell("rest");
  await pause(restMs(recorder));
  recorder.addNow({ kind: "step", step: "rested", pending: pending.reduce((sum, each) => sum + each, 0) });
  await fleet.tell("sweep");
  await recordRows(fleet.database.port, recorder);
  await ended(fleet, recorder);
}

/**
 * Until everything that was acknowledged is older than the bound; and until what the server has brought back from a time before is
 * believed again, which by then has to be right.
 */
function restMs({ events }: Recorder): number {
  const { stalenessMs, settledAfterMs } = DEFAULT_BOUNDS;
  const restarts = events.filter((event) => event.kind === "fault" && event.fault === "restart-old");
  const settledAt = Math.max(0, ...restarts.map(({ to }) => to + settledAfterMs));
  return Math.max(stalenessMs, settledAt - monotonicMs());
}

/** Probes are changed once, while something goes wrong. */
function changeProbe({ workers }: Fleet, key: string | undefined, random: Random): void {
  if (key === undefined) return;
  const worker = random.pick(workers);
  // A worker that is gone is seen at its end.
  worker.tell({ do: "probe", key }).catch(() => {});
}

async function recordRows(port: number, recorder: Recorder): Promise<void> {
  const database = new DatabaseClient(port);
  const rows = await Promise.all(ALL_KEYS.map(async (key) => [key, await database.read(key)] as const));
  for (const [key, version] of rows) recorder.addNow({ kind: "row", key, version });
  database.close();
}

async function ended({ workers }: Fleet, recorder: Recorder): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      await worker.tell({ do: "end" });
      const from = monotonicMs();
      const { code, byItself } = await worker.ended();
      recorder.add({ kind: "end", worker: worker.name, from, to: monotonicMs(), code, byItself });
    }),
  );
}
