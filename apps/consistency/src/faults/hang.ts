import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "./fault.ts";

/** The server answers nothing for a while, and then everything. */
export const hang: Fault = {
  name: "hang",
  lane: "server",
  lastsMs: [200, 1_700],
  async happen({ server }, lastsMs) {
    server.hang();
    try {
      await pause(lastsMs);
    } finally {
      server.resume();
    }
  },
};
