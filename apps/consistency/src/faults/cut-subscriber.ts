import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "./fault.ts";

/** One process cannot listen for a while, or hears nothing without noticing; its commands go through. */
export const cutSubscriber: Fault = {
  name: "cut-subscriber",
  lane: "clients",
  lastsMs: [300, 3_000],
  async happen({ workers, random, note }, lastsMs) {
    const worker = random.pick(workers);
    const listening = random.pick(["closed", "deaf"] as const);
    note({ target: `${worker.name}, ${listening}` });
    worker.link.listening = listening;
    try {
      await pause(lastsMs);
    } finally {
      worker.link.listening = "open";
    }
  },
};
