import type { Fault } from "./fault.ts";

/** All connections are closed. */
export const killClients: Fault = {
  name: "kill-clients",
  lane: "server",
  lastsMs: [0, 0],
  async happen({ admin }) {
    await admin.call("CLIENT", "KILL", "TYPE", "normal");
    await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
  },
};
