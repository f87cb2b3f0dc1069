import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "./fault.ts";

/** A process stands still for a while. */
export const pauseWorker: Fault = {
  name: "pause-worker",
  lane: "clients",
  lastsMs: [500, 2_500],
  async happen({ workers, random, note }, lastsMs) {
    const worker = random.pick(workers);
    note({ target: worker.name });
    worker.signal("SIGSTOP");
    try {
      await pause(lastsMs);
    } finally {
      worker.signal("SIGCONT");
    }
  },
};
