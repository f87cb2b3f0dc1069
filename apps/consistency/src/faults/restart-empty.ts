import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Fault } from "./fault.ts";

/** The server is killed, and comes back with nothing. */
export const restartEmpty: Fault = {
  name: "restart-empty",
  lane: "server",
  lastsMs: [0, 1_200],
  async happen({ server, admin }, lastsMs) {
    const file = await savedFile(admin);
    await server.kill();
    await rm(file, { force: true });
    await pause(lastsMs);
    await server.restart();
  },
};

/** Where a server saves what it has. */
export async function savedFile(admin: Redis): Promise<string> {
  const [folder, name] = await Promise.all(["dir", "dbfilename"].map((each) => admin.config("GET", each)));
  return join((folder as string[])[1] ?? "", (name as string[])[1] ?? "");
}
