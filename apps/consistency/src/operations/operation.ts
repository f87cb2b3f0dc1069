import type { DatabaseClient } from "../database/database-client.ts";
import type { Recorder } from "../history/recorder.ts";
import type { Random } from "../random.ts";
import type { RowCaches } from "../worker/row-caches.ts";

/** What an operation has at hand. */
export interface OperationPlace {
  /** The number of this worker, from 0. */
  readonly worker: number;
  readonly workers: number;
  readonly caches: RowCaches;
  readonly database: DatabaseClient;
  readonly recorder: Recorder;
  readonly random: Random;
}

/** Something that an application does with its cache. Each records what came of it, and never rejects. */
export interface Operation {
  readonly name: string;
  /** How often it is done, beside the others. */
  readonly weight: number;
  /** Chooses the keys to do it with. */
  keys(place: OperationPlace): readonly string[];
  run(place: OperationPlace, keys: readonly string[]): Promise<void>;
}
