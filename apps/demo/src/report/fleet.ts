import { randomUUID } from "node:crypto";
import { type Instance, startInstance } from "../service/instance.ts";
import type { RemoteServer } from "../service/remote-server.ts";
import { TierCounter } from "../service/tier-counter.ts";
import type { World } from "../service/world.ts";
import { CachedMatching } from "./cached-matching.ts";
import type { JobMatching } from "./job-matching.ts";
import type { Configuration } from "./measurement.ts";

/** What a fleet is to be. */
export interface FleetOptions {
  readonly configuration: Exclude<Configuration, "none">;
  readonly remote: RemoteServer | undefined;
  /** Instances; without a shared tier each loads everything for itself. */
  readonly count: number;
}

/** Instances of the service with caches that are empty at first, and one counter that listens to all of them. */
export class Fleet {
  readonly instances: readonly Instance[];
  readonly counter: TierCounter = new TierCounter();
  /** What all of them put in front of their keys: a server of somebody's own may hold those of an earlier report. */
  readonly prefix: string = `report-${randomUUID()}`;

  constructor(world: World, { configuration, remote, count }: FleetOptions) {
    const redisUrl = configuration === "L1" ? undefined : remote?.url;
    const local = configuration !== "L2";
    const options = { redisUrl, prefix: this.prefix, observer: this.counter, local };
    this.instances = Array.from({ length: count }, () => startInstance(world, options));
  }

  /** The one whose turn it is: several stand for several instances behind one address. */
  of(index: number): Instance {
    const instance = this.instances[index % this.instances.length];
    if (instance === undefined) throw new RangeError("A fleet has at least one instance.");
    return instance;
  }

  /** What the report asks of that one. */
  matching(index: number): JobMatching {
    const { namespaces, services } = this.of(index);
    return new CachedMatching(namespaces, services.matches);
  }

  /** Asks all whether they are ready, as a platform does before it sends them requests. */
  async ready(): Promise<void> {
    await Promise.all(this.instances.map(({ services }) => services.readiness.check()));
  }

  /** Waits until what was loaded has reached the remote tier. */
  async settle(): Promise<void> {
    await Promise.all(this.instances.map(({ cache }) => cache.drain()));
  }

  async close(): Promise<void> {
    await Promise.all(this.instances.map(({ cache }) => cache.close()));
  }
}
