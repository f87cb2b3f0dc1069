import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "./fault.ts";

/** What the server answers one process is under way for long, and what it announces is not. */
export const slowReplies: Fault = {
  name: "slow-replies",
  lane: "clients",
  lastsMs: [800, 2_500],
  async happen({ workers, random, note }, lastsMs) {
    const worker = random.pick(workers);
    const delayMs = random.between(20, 150);
    note({ target: `${worker.name}, ${Math.round(delayMs)} ms` });
    worker.link.replyDelayMs = delayMs;
    try {
      await pause(lastsMs);
    } finally {
      worker.link.replyDelayMs = 0;
    }
  },
};
