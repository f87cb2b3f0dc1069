import type { HistoryEvent } from "../../src/history/event.ts";

/** A history, by what can be said of it. */
export type Histories = Readonly<Record<string, readonly HistoryEvent[]>>;

/** For each invariant, by its number, histories in which it does not hold, and others in which it does. */
export type Cases = Readonly<Record<string, { readonly broken: Histories; readonly sound: Histories }>>;
