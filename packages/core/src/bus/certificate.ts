import type { Ms } from "../contracts/clock.ts";

/** The epoch of what may never answer by itself, but has to be confirmed each time. */
export const NO_EPOCH = -1;

/**
 * The right of the local tier to answer by itself: proof that no invalidation acknowledged before some moment has been
 * missed. An echo that has come back on the bus proves it for the moment at which it was sent, for everything that was announced
 * before has been heard by then; the certificate holds for a while from there.
 *
 * All of it are instants and durations of this process's own clock; no two clocks are ever compared. A process that was
 * paused needs no care: when it goes on, its certificate is old.
 */
export class Certificate {
  readonly #horizonMs: Ms;
  #until: Ms;
  #epoch = 0;
  /** When the last echo was sent that has come back. */
  #provedAt: Ms | undefined;

  /** @param horizonMs - How long an answered echo is good for, from its sending. `Infinity` where there is no bus. */
  constructor(horizonMs: Ms) {
    this.#horizonMs = horizonMs;
    this.#until = this.#unproved;
  }

  /** Until when entries of this epoch may answer as fresh. On the path of every hit. */
  get until(): Ms {
    return this.#until;
  }

  /** Counts the gaps. What was kept in an earlier epoch has to be confirmed first. On the path of every hit. */
  get epoch(): number {
    return this.#epoch;
  }

  /** How old what is not known of may be. */
  get horizonMs(): Ms {
    return this.#horizonMs;
  }

  /** How long ago it was last proved that nothing was missed; `undefined` while that never was. */
  ageMs(now: Ms): Ms | undefined {
    return this.#provedAt === undefined ? undefined : Math.max(0, now - this.#provedAt);
  }

  /** An echo has come back. */
  confirm(sentAt: Ms): void {
    this.#provedAt = Math.max(this.#provedAt ?? sentAt, sentAt);
    this.#until = Math.max(this.#until, sentAt + this.#horizonMs);
  }

  /** Messages may have been missed: nothing kept so far may answer by itself until it is confirmed. */
  revoke(): void {
    this.#epoch++;
    this.#until = this.#unproved;
  }

  /** Who does without proof is not to wait for one. */
  get #unproved(): Ms {
    return this.#horizonMs === Number.POSITIVE_INFINITY ? this.#horizonMs : Number.NEGATIVE_INFINITY;
  }
}
