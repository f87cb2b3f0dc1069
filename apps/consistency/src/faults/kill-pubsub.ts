import type { Fault } from "./fault.ts";

/** All connections that listen are closed. */
export const killPubSub: Fault = {
  name: "kill-pubsub",
  lane: "server",
  lastsMs: [0, 0],
  async happen({ admin }) {
    await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
  },
};
