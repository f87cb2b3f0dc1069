import type { ChangeEvent, RemovalEvent } from "./event.ts";

/** From when on nobody may be given anything older than a version of a key. */
export interface Acknowledgement {
  readonly change: ChangeEvent;
  readonly version: number;
  readonly at: number;
}

/** The removals of one process, by key. */
type Removals = ReadonlyMap<string, readonly RemovalEvent[]>;

/**
 * When a change was acknowledged: at the end of its call where that said `done`; where it said `queued`, when the server had
 * been told of it; never where neither has happened.
 */
export function acknowledgementOf(change: ChangeEvent, removals: Removals): Acknowledgement | undefined {
  const { version } = change;
  if (change.status === "failed") return undefined;
  if (change.status === "done") return { change, version, at: change.to };
  const at = flushedAt(change, removals.get(change.told ?? change.key) ?? []);
  return at === undefined ? undefined : { change, version, at: Math.max(at, change.to) };
}

/**
 * When a change that was queued had been told to the server.
 *
 * @param removals - Those of the key by the process that made the change.
 */
export function flushedAt(change: ChangeEvent, removals: readonly RemovalEvent[]): number | undefined {
  const tried = new Set<string>();
  for (const { announce, from } of removals) {
    if (from >= change.from && from <= change.to) tried.add(announce);
  }
  // A call that failed before it reached the server is known by no announcement: any later one of the key will do.
  if (tried.size === 0) return earliest(removals.filter(({ done, from }) => done && from >= change.to));
  const ends = [...tried].map((each) => earliest(removals.filter(({ done, announce }) => done && announce === each)));
  return ends.includes(undefined) ? undefined : Math.max(...(ends as number[]));
}

function earliest(removals: readonly RemovalEvent[]): number | undefined {
  return removals.length === 0 ? undefined : Math.min(...removals.map(({ to }) => to));
}
