import type { RedisServer } from "@tooling/redis-server";
import type { Redis } from "ioredis";
import type { Random } from "../random.ts";
import type { Worker } from "../worker/worker.ts";

/** What a fault can be done to. */
export interface FaultPlace {
  readonly server: RedisServer;
  /** A connection that no cache uses. */
  readonly admin: Redis;
  readonly workers: readonly Worker[];
  /** The same draws for the same seed. */
  readonly random: Random;
  /** What the fault has chosen, for the history. */
  readonly note: (what: FaultNote) => void;
}

/** What is to be known of a fault besides its name and its time. */
export interface FaultNote {
  readonly target?: string;
  readonly keys?: readonly string[];
  readonly savedAt?: number;
}

/** Something that goes wrong. */
export interface Fault {
  readonly name: string;
  /** Faults of one lane happen one after the other; those of the two lanes at the same time. */
  readonly lane: "server" | "clients";
  /** From its beginning to its end, in ms. */
  readonly lastsMs: readonly [shortest: number, longest: number];
  /** Resolves when it is over and what it was done to goes on. */
  happen(place: FaultPlace, lastsMs: number): Promise<void>;
}
