/** What all events of a history have. Instants are those of the monotonic clock, which all processes share. */
interface Happening {
  /** Who saw it: a worker's name, or `conductor`. */
  readonly process: string;
  readonly from: number;
  /** The same as `from` for what takes no time. */
  readonly to: number;
}

/** One key was read. */
export interface ReadEvent extends Happening {
  readonly kind: "read";
  readonly key: string;
  readonly operation: string;
  /** Of the row that was returned; -1 where the read failed. */
  readonly version: number;
  /** Which load or set the value came from. */
  readonly load: string;
  /** The name of the tier, `loader`, or `unknown` where the operation does not tell. */
  readonly source: string;
  /** Why the value was flagged. */
  readonly stale?: string | undefined;
  /** How old a flagged value was said to be. */
  readonly ageMs?: number | undefined;
  /** The code or name of the error. */
  readonly error?: string | undefined;
  /** The value was none that anybody made. */
  readonly damaged?: boolean | undefined;
  /** Read after everything had come to rest. */
  readonly quiet?: boolean | undefined;
}

/** A row was changed in the database, and the cache was told. */
export interface ChangeEvent extends Happening {
  readonly kind: "change";
  readonly key: string;
  readonly operation: string;
  readonly version: number;
  /** `failed` where the call rejected. */
  readonly status: "done" | "queued" | "failed";
  /** Where the cache was given the value too: how that is known. */
  readonly load?: string | undefined;
  /** What the server was told to forget, if that was not the key: a token. */
  readonly told?: string | undefined;
}

/** Work was done under a lock, from its call to the end of that. */
export interface LockEvent extends Happening {
  readonly kind: "lock";
  /** The lock's name. */
  readonly key: string;
  /** The fencing token. */
  readonly token: number;
  /** When the work began. */
  readonly grantedAt: number;
  /** The last instant at which the lock was held, by its own word. */
  readonly heldUntil: number;
  /** When the work ended. */
  readonly endedAt: number;
  /** When its signal fired. */
  readonly toldAt?: number | undefined;
  /** `done`, or the code of the error. */
  readonly status: string;
}

/** A loader asked the database. */
export interface LoadEvent extends Happening {
  readonly kind: "load";
  readonly key: string;
  readonly load: string;
  readonly version: number;
}

/** The server was told to forget keys, or to take a value that replaces what is there. */
export interface RemovalEvent extends Happening {
  readonly kind: "removal";
  readonly keys: readonly string[];
  /** What was announced with it. No two removals announce the same. */
  readonly announce: string;
  readonly done: boolean;
}

/** The server was asked for keys. */
export interface TierReadEvent extends Happening {
  readonly kind: "tier-read";
  readonly keys: readonly string[];
  readonly done: boolean;
}

/** An echo has come back: `from` is when it was sent. */
export interface EchoEvent extends Happening {
  readonly kind: "echo";
}

/** A process may have missed announcements. */
export interface GapEvent extends Happening {
  readonly kind: "gap";
}

/** Something was done to the processes or to the server. */
export interface FaultEvent extends Happening {
  readonly kind: "fault";
  readonly fault: string;
  readonly target: string;
  /** Whether it could be done. */
  readonly done: boolean;
  /** The keys it was done to. */
  readonly keys?: readonly string[] | undefined;
  /** Until when the server has what it came back with. */
  readonly savedAt?: number | undefined;
}

/** An onlooker has heard an announcement. */
export interface HeardEvent extends Happening {
  readonly kind: "heard";
  readonly announce: string;
}

/** The onlooker has heard everything that was announced in between. */
export interface HearingEvent extends Happening {
  readonly kind: "hearing";
}

/** What the database has in the end. */
export interface RowEvent extends Happening {
  readonly kind: "row";
  readonly key: string;
  readonly version: number;
}

/** Something that must never happen: an unhandled rejection, an uncaught exception, a warning. */
export interface ProblemEvent extends Happening {
  readonly kind: "problem";
  readonly what: string;
}

/** An operation that had not ended when all had been waited for. */
export interface UnfinishedEvent extends Happening {
  readonly kind: "unfinished";
  readonly key: string;
  readonly operation: string;
}

/** How often something was told to a worker's observer. */
export interface CountEvent extends Happening {
  readonly kind: "count";
  readonly counts: Readonly<Record<string, number>>;
}

/** How a worker has come to its end. */
export interface EndEvent extends Happening {
  readonly kind: "end";
  readonly worker: string;
  readonly code: number | undefined;
  /** Whether it ended by itself, once its cache was closed. */
  readonly byItself: boolean;
}

/** A step of the run: `healed`, when all faults were over; `rested`, when nothing was pending any more. */
export interface StepEvent extends Happening {
  readonly kind: "step";
  readonly step: "begun" | "healed" | "rested";
  /** How many removals were still pending, for `rested`. */
  readonly pending?: number | undefined;
}

/** One line of a history. */
export type HistoryEvent =
  | ReadEvent
  | ChangeEvent
  | LockEvent
  | LoadEvent
  | RemovalEvent
  | TierReadEvent
  | EchoEvent
  | GapEvent
  | FaultEvent
  | HeardEvent
  | HearingEvent
  | RowEvent
  | ProblemEvent
  | UnfinishedEvent
  | CountEvent
  | EndEvent
  | StepEvent;

/** The events of one kind. */
export type EventOf<K extends HistoryEvent["kind"]> = Extract<HistoryEvent, { kind: K }>;
