import type { ChangeEvent, EventOf, HistoryEvent, LoadEvent, ReadEvent } from "../src/history/event.ts";

/*
 * Events as a history has them, with as little said as matters: everything happens to `warm-7` in the process `w1`, and takes
 * 1 ms.
 */

type Said<E> = Partial<E> & { readonly from: number };

function event<K extends HistoryEvent["kind"]>(kind: K, said: Said<EventOf<K>>, rest: Partial<EventOf<K>>): EventOf<K> {
  return { process: "w1", key: "warm-7", to: said.from + 1, ...rest, ...said, kind } as unknown as EventOf<K>;
}

/** Version 1, which the load `a` has brought, from the local tier. */
export function read(said: Said<ReadEvent>): ReadEvent {
  return event("read", said, { operation: "read", version: 1, load: "a", source: "lru" });
}

/** To version 2, done. */
export function change(said: Said<ChangeEvent>): ChangeEvent {
  return event("change", said, { operation: "invalidate", version: 2, status: "done" });
}

/** The load `a` of version 1. */
export function load(said: Said<LoadEvent>): LoadEvent {
  return event("load", said, { load: "a", version: 1 });
}

/** Work of 10 ms under a lock, with the token 1, which was held all the time. */
export function lock(said: Said<EventOf<"lock">>): EventOf<"lock"> {
  const { from } = said;
  const times = { grantedAt: from, heldUntil: from + 10, endedAt: from + 10, to: from + 10 };
  return event("lock", said, { key: "lock-1", token: 1, status: "done", ...times });
}

/** One that was told and announced as `gone`. */
export function removal(said: Said<EventOf<"removal">>): EventOf<"removal"> {
  return event("removal", said, { keys: ["warm-7"], announce: "gone", done: true });
}

export function tierRead(said: Said<EventOf<"tier-read">>): EventOf<"tier-read"> {
  return event("tier-read", said, { keys: ["warm-7"], done: true });
}

export function echo(said: Said<EventOf<"echo">>): EventOf<"echo"> {
  return event("echo", said, {});
}

/** One that was done, by the conductor. */
export function fault(said: Said<EventOf<"fault">> & { readonly fault: string }): EventOf<"fault"> {
  return event("fault", said, { process: "conductor", target: "", done: true });
}

/** What the database has in the end: version 2. */
export function row(said: Said<EventOf<"row">>): EventOf<"row"> {
  return event("row", said, { process: "conductor", version: 2 });
}

export function heard(said: Said<EventOf<"heard">>): EventOf<"heard"> {
  return event("heard", said, { process: "conductor", announce: "gone" });
}

export function hearing(said: Said<EventOf<"hearing">>): EventOf<"hearing"> {
  return event("hearing", said, { process: "conductor" });
}

export function step(said: Said<EventOf<"step">> & { readonly step: "healed" | "rested" }): EventOf<"step"> {
  return event("step", said, { process: "conductor" });
}

export function end(said: Said<EventOf<"end">>): EventOf<"end"> {
  return event("end", said, { process: "conductor", worker: "w1", code: 0, byItself: true });
}

export function problem(said: Said<EventOf<"problem">>): EventOf<"problem"> {
  return event("problem", said, { what: "unhandled rejection" });
}

export function unfinished(said: Said<EventOf<"unfinished">>): EventOf<"unfinished"> {
  return event("unfinished", said, { operation: "read" });
}

export function count(said: Said<EventOf<"count">>): EventOf<"count"> {
  return event("count", said, { counts: {} });
}
