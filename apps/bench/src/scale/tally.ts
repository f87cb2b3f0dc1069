import type { Step } from "./wire.ts";

/** What a fleet has come to. */
export class Tally {
  /** What a server has carried out, by the names of the commands. */
  readonly commands: Record<string, number> = {};
  bytesIn = 0;
  bytesOut = 0;
  /** Announcements and echoes, and how many of them came to somebody who listens. */
  published = 0;
  deliveries = 0;
  localHits = 0;
  remoteHits = 0;
  loads = 0;
  /** Reads that waited for another process's load. */
  waits = 0;
  refusals = 0;

  /** Counts a step that so many processes hear of. */
  add({ commands, cost }: Step, listeners = 0): void {
    for (const name in commands) this.commands[name] = (this.commands[name] ?? 0) + (commands[name] ?? 0);
    this.bytesIn += cost.in;
    this.bytesOut += cost.out + cost.delivered * listeners;
    if (cost.delivered === 0) return;
    this.published++;
    this.deliveries += listeners;
  }

  get reads(): number {
    return this.localHits + this.remoteHits + this.loads;
  }
}
