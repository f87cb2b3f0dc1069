import type { Ms, StaleReason } from "@tiercache/core";
import type { Origin, Value } from "./origin.ts";
import type { Rules } from "./step.ts";

/** One read of one key, as it began. */
export interface Asked {
  readonly process: number;
  readonly key: string;
  readonly step: number;
  readonly at: Ms;
  /** No value that was made before this step may answer: the read insists on a load, or its process has written. */
  readonly madeSince: number;
  /** As `madeSince`, for an answer that is given in need: where a load has failed or is too late, an invalidated value may answer. */
  readonly madeSinceInNeed: number;
  readonly mayFindNothing: boolean;
}

/** How a read was answered. What the way of asking does not tell is left out. */
export interface Answered {
  readonly value: Value | undefined;
  readonly ageMs?: Ms | undefined;
  readonly stale?: StaleReason | undefined;
}

/** A write of a key, from which on older values must not be seen any longer. */
export interface Write {
  readonly process: number;
  readonly key: string;
  readonly step: number;
  /** Whether the old value may still answer in need. */
  readonly isSoft: boolean;
  /** When every tier had followed; `undefined` before. */
  doneAt: Ms | undefined;
  /** Whether something else under way may put back what this write replaces: then it proves nothing. */
  readonly contested: boolean;
}

/** What a witness must know of the processes. */
export interface WitnessParts {
  readonly origin: Origin;
  readonly rules: Rules;
  readonly hasLocal: boolean;
  readonly isShared: boolean;
}

/** Knows what was written, and holds every answer against it. */
export class Witness {
  /** How many answers were held against a write. */
  proved = 0;
  readonly #parts: WitnessParts;
  readonly #writes: Write[] = [];

  constructor(parts: WitnessParts) {
    this.#parts = parts;
  }

  /** A write begins. It counts once its {@link Write.doneAt} is known. */
  begins(write: Write): void {
    this.#writes.push(write);
  }

  /** The step of the last write of a key by a process that every tier has followed; 0 for none. */
  lastWrite(process: number, key: string, inNeed: boolean): number {
    return this.#counting({ process, key, inNeed }).at(-1)?.step ?? 0;
  }

  /** What was promised of an answer and not kept; `undefined` where all was. */
  objection(asked: Asked, { value, ...answer }: Answered, now: Ms): string | undefined {
    if (value === undefined) return asked.mayFindNothing ? undefined : "is none";
    const making = this.#parts.origin.makingOf(value);
    if (making === undefined || value.key !== asked.key || making.value.key !== asked.key) {
      return `was never a value of ${asked.key}`;
    }
    const inNeed = isInNeed(answer);
    const madeSince = inNeed ? asked.madeSinceInNeed : asked.madeSince;
    if (madeSince > 0) this.proved++;
    if (making.madeAt < madeSince) return `was made at step ${making.madeAt}, before step ${madeSince}`;
    const { keptAt = now } = making;
    if ("ageMs" in answer && answer.ageMs !== now - keptAt) return `is said to be ${answer.ageMs} ms old`;
    const staleMs = this.#staleMs(answer);
    if (asked.at >= keptAt + this.#parts.rules.ttlMs + staleMs) return `was kept at ${keptAt} and has died since`;
    const written = this.#writtenElsewhere(asked, staleMs, inNeed);
    if (making.madeAt >= written) return undefined;
    return `was made at step ${making.madeAt}, before the other process's write at step ${written}`;
  }

  /** How long after the end of its freshness a value may have answered. */
  #staleMs(answer: Omit<Answered, "value">): Ms {
    const { staleWhileRevalidateMs, staleIfErrorMs } = this.#parts.rules;
    if ("stale" in answer) {
      if (answer.stale === undefined) return 0;
      if (answer.stale === "revalidating") return staleWhileRevalidateMs;
      if (answer.stale === "load-failed") return staleIfErrorMs;
    }
    return Math.max(staleWhileRevalidateMs, staleIfErrorMs);
  }

  /**
   * The last write of the other process that must be seen. No bus tells of it, so a copy in the local tier answers to
   * the end of its life there.
   */
  #writtenElsewhere({ process, key, at }: Asked, staleMs: Ms, inNeed: boolean): number {
    if (!this.#parts.isShared) return 0;
    const { ttlMs, local } = this.#parts.rules;
    const unseenMs = this.#parts.hasLocal ? Math.min(ttlMs, local?.ttlMs ?? ttlMs) + staleMs : 0;
    const writes = this.#counting({ process: 1 - process, key, inNeed });
    const seen = writes.filter(({ doneAt = at }) => at >= doneAt + unseenMs);
    return seen.at(-1)?.step ?? 0;
  }

  #counting({ process, key, inNeed }: Counted): readonly Write[] {
    const ofKey = this.#writes.filter((write) => write.process === process && write.key === key);
    return ofKey.filter(({ doneAt, contested, isSoft }) => doneAt !== undefined && !contested && !(inNeed && isSoft));
  }
}

interface Counted {
  readonly process: number;
  readonly key: string;
  readonly inNeed: boolean;
}

/** Whether an answer is, or may be, one that is given where a load has failed or is too late. */
function isInNeed(answer: Omit<Answered, "value">): boolean {
  if (!("stale" in answer)) return true;
  return answer.stale === "load-failed" || answer.stale === "held" || answer.stale === "soft-timeout";
}
