import { setTimeout as pause } from "node:timers/promises";
import { monotonicMs } from "../monotonic.ts";
import type { Fault } from "./fault.ts";

const LONGEST_DOWN_MS = 600;

/** The server saves what it has, goes on for a while, is killed, and comes back with what it had saved. */
export const restartOld: Fault = {
  name: "restart-old",
  lane: "server",
  lastsMs: [800, 2_500],
  async happen({ server, admin, random, note }, lastsMs) {
    const downMs = random.between(0, LONGEST_DOWN_MS);
    const savedAt = monotonicMs();
    await admin.save();
    note({ savedAt });
    await pause(lastsMs);
    await server.kill();
    await pause(downMs);
    await server.restart();
  },
};
