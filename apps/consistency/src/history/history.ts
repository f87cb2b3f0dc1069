import { LEASE_MS } from "../operations/lock.ts";
import { type Acknowledgement, acknowledgementOf } from "./acknowledgement.ts";
import type { ChangeEvent, EventOf, HistoryEvent, LoadEvent, ReadEvent, RemovalEvent } from "./event.ts";

/** What is promised, and by what the run was set up. */
export interface Bounds {
  /** How much older than its read an acknowledged change may be that the read does not show: D. */
  readonly stalenessMs: number;
  /** How long an echo is good for. */
  readonly horizonMs: number;
  /** The longest any operation may take, apart from pauses of its process. */
  readonly operationMs: number;
  /** How long what a server has brought back from a time before is not believed, and a little more. */
  readonly settledAfterMs: number;
  /** How long a lock outlives its holder. */
  readonly leaseMs: number;
  /** The longest a flagged value may be, by the class of its key. */
  readonly flaggedAgeMs: Readonly<Record<string, number>>;
}

/** The bounds where nothing else is said: those of a cache with the default options and the workload's namespaces. */
export const DEFAULT_BOUNDS: Bounds = {
  stalenessMs: 1_200,
  horizonMs: 1_000,
  operationMs: 15_000,
  settledAfterMs: 12_500,
  leaseMs: LEASE_MS,
  flaggedAgeMs: { other: 120_000, soft: 6_000 },
};

/** All that was seen in a run, in the order of its ends, and what can be asked of it. */
export class History {
  readonly events: readonly HistoryEvent[];
  readonly bounds: Bounds;
  readonly #kinds: ReadonlyMap<string, readonly HistoryEvent[]>;
  readonly #memory = new Map<string, unknown>();

  constructor(events: readonly HistoryEvent[], bounds: Bounds = DEFAULT_BOUNDS) {
    this.events = [...events].sort((one, other) => one.to - other.to);
    this.bounds = bounds;
    this.#kinds = Map.groupBy(this.events, ({ kind }) => kind);
  }

  of<K extends HistoryEvent["kind"]>(kind: K): readonly EventOf<K>[] {
    return (this.#kinds.get(kind) ?? []) as readonly EventOf<K>[];
  }

  /** When the first thing happened. */
  get beganAt(): number {
    return this.#once("began", () =>
      this.events.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY),
    );
  }

  /** Reads that returned a value as if it were fresh. */
  get firmReads(): readonly ReadEvent[] {
    return this.#once("firm", () =>
      this.of("read").filter(({ stale, error }) => stale === undefined && error === undefined),
    );
  }

  /** The firm reads of a key. */
  firmReadsOf(key: string): readonly ReadEvent[] {
    return this.#once("firm by key", () => Map.groupBy(this.firmReads, (read) => read.key)).get(key) ?? [];
  }

  changesOf(key: string): readonly ChangeEvent[] {
    return this.#once("changes", () => Map.groupBy(this.of("change"), (change) => change.key)).get(key) ?? [];
  }

  /** The keys that were changed. */
  get changedKeys(): readonly string[] {
    return [...new Set(this.of("change").map(({ key }) => key))];
  }

  /** The acknowledged changes of a key, in the order in which they were. */
  acknowledgementsOf(key: string): readonly Acknowledgement[] {
    return this.#once("acknowledgements", () => this.#acknowledgements()).get(key) ?? [];
  }

  /** The removals by the process that made a change of what that was to have removed. */
  removalsOf({ process, key, told }: ChangeEvent): readonly RemovalEvent[] {
    return this.#removals.get(process)?.get(told ?? key) ?? [];
  }

  /** Where a value came from. */
  loadNamed(load: string): LoadEvent | undefined {
    return this.#once("loads", () => new Map(this.of("load").map((each) => [each.load, each] as const))).get(load);
  }

  /** The version that the database has in the end. */
  rowOf(key: string): number | undefined {
    return this.#once("rows", () => new Map(this.of("row").map((row) => [row.key, row.version] as const))).get(key);
  }

  get #removals(): ReadonlyMap<string, ReadonlyMap<string, readonly RemovalEvent[]>> {
    return this.#once("removals", () => {
      const byProcess = new Map<string, Map<string, RemovalEvent[]>>();
      for (const removal of this.of("removal")) {
        const byKey = byProcess.get(removal.process) ?? new Map<string, RemovalEvent[]>();
        byProcess.set(removal.process, byKey);
        for (const key of removal.keys) {
          const others = byKey.get(key);
          if (others === undefined) byKey.set(key, [removal]);
          else others.push(removal);
        }
      }
      return byProcess;
    });
  }

  #acknowledgements(): ReadonlyMap<string, readonly Acknowledgement[]> {
    const acknowledged = this.of("change").flatMap((change) => {
      const one = acknowledgementOf(change, this.#removals.get(change.process) ?? new Map());
      return one === undefined ? [] : [one];
    });
    acknowledged.sort((one, other) => one.at - other.at);
    return Map.groupBy(acknowledged, ({ change }) => change.key);
  }

  #once<T>(name: string, make: () => T): T {
    if (!this.#memory.has(name)) this.#memory.set(name, make());
    return this.#memory.get(name) as T;
  }
}
