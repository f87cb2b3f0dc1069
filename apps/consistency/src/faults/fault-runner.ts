import { setTimeout as pause } from "node:timers/promises";
import type { Recorder } from "../history/recorder.ts";
import { monotonicMs } from "../monotonic.ts";
import { Random } from "../random.ts";
import type { FaultNote, FaultPlace } from "./fault.ts";
import type { ScheduledFault } from "./fault-script.ts";

/** What the faults of a run are done to, and what happens meanwhile. */
export interface FaultRun extends Omit<FaultPlace, "random" | "note"> {
  readonly recorder: Recorder;
  /** Called some time into each fault, or right after those that take no time. */
  during(random: Random): void;
}

/** The probes of a fault are changed at some time from its beginning to shortly after its end. */
const PROBE_AFTER_MS = 150;
const PROBES = 3;

/** Has the faults of a script happen at their times. Resolves when all are over. */
export async function runFaults(script: readonly ScheduledFault[], run: FaultRun): Promise<void> {
  const lanes = [...new Set(script.map(({ fault }) => fault.lane))];
  const beganAt = monotonicMs();
  const inOrder = async (lane: string): Promise<void> => {
    for (const scheduled of script) {
      if (scheduled.fault.lane !== lane) continue;
      await pause(Math.max(0, beganAt + scheduled.atMs - monotonicMs()));
      await runFault(scheduled, run);
    }
  };
  await Promise.all(lanes.map(inOrder));
}

async function runFault({ fault, lastsMs, seed }: ScheduledFault, run: FaultRun): Promise<void> {
  const random = new Random(seed);
  const from = monotonicMs();
  let noted: FaultNote = {};
  let done = false;
  for (let probe = 0; probe < PROBES; probe++) {
    setTimeout(() => run.during(random), random.between(0, lastsMs + PROBE_AFTER_MS));
  }
  try {
    await fault.happen({ ...run, random: new Random(seed + 1), note: (what) => (noted = what) }, lastsMs);
    done = true;
  } catch {
    // Another fault was in its way; what was to be broken may be broken already.
  }
  const { target = "", ...rest } = noted;
  run.recorder.add({ kind: "fault", fault: fault.name, target, from, to: monotonicMs(), done, ...rest });
}
