import type { CancelTimer, Clock, Ms } from "../contracts/clock.ts";
import { Journal } from "./journal.ts";
import { Outbox } from "./outbox.ts";
import type { Removal } from "./removal.ts";

/** What removals need besides the tier. */
export interface RemovalsParts {
  readonly clock: Clock;
  /** Tells the tier of one removal, also where it is being probed; must not reject. */
  readonly attempt: (removal: Removal, isProbe: boolean) => Promise<boolean>;
  /** Whether the tier is told of anything at present, unless it is being probed. */
  readonly isAsked: () => boolean;
  /** Has all that some namespaces hold taken for gone, here and elsewhere: there are too many keys to be told one by one. */
  readonly collapse: (namespaces: readonly string[]) => void;
}

const MAX_PENDING_KEYS = 10_000;
const MAX_JOURNAL_KEYS = 100_000;
const JOURNAL_MS: Ms = 60_000;

const RETRY_FIRST_MS: Ms = 100;
const RETRY_LONGEST_MS: Ms = 2_000;

/**
 * What a remote tier is to be told to forget. A removal is never lost: where the tier cannot be told, it stays pending, is
 * tried again by itself, and before the tier is read again; and what a tier has acknowledged is done again when it may
 * have lost that.
 */
export class Removals {
  readonly #parts: RemovalsParts;
  readonly #outbox = new Outbox();
  readonly #journal = new Journal(JOURNAL_MS, MAX_JOURNAL_KEYS);
  /** Of what nothing else stands for: tokens, of which there are few. */
  readonly #tokenJournal = new Journal(JOURNAL_MS, Number.POSITIVE_INFINITY);
  #cancelRetry: CancelTimer | undefined;
  #retries = 0;
  #open = true;

  constructor(parts: RemovalsParts) {
    this.#parts = parts;
  }

  /** The number of keys that the tier is still to be told of. */
  get pending(): number {
    return this.#outbox.size;
  }

  /** Hears of a write that was to replace keys: one that failed leaves what is to be removed, any other is as good as a removal. */
  replaced(removal: Removal, done: boolean): void {
    if (done) this.#note(removal);
    else this.keep([removal]);
  }

  /** Tells the tier; resolves to whether it has followed. If not, the removal is pending from now on. */
  async tell(removal: Removal): Promise<boolean> {
    const done = await this.#attempt(removal, false);
    if (!done) this.keep([removal]);
    return done;
  }

  /** Has the tier told as soon as it can be: for what is known to be out of date there. */
  keep(removals: readonly Removal[]): void {
    if (removals.length === 0) return;
    this.#outbox.add(removals);
    if (this.#outbox.size > MAX_PENDING_KEYS) this.#collapse(this.#outbox.namespaces);
    this.#retryLater();
  }

  /** The tier may have lost what it had acknowledged: all of the last while is to be done again, before it is read. */
  repeat(): void {
    const now = this.#parts.clock.now();
    this.keep([...this.#tokenJournal.since(now), ...this.#journal.since(now)]);
    this.#collapse(this.#journal.crowdedOutSince(now));
  }

  /** Tells the tier of all that is pending. Resolves to whether nothing is pending any more. */
  async settle(): Promise<boolean> {
    while (this.#outbox.size > 0) {
      // A probe must not find such an attempt on its way, and take its end for its own.
      if (!this.#parts.isAsked() || !(await this.#flushed(false))) return false;
    }
    this.#stopRetrying();
    return true;
  }

  /**
   * Tells a tier that is being probed of all that is pending by now. Resolves to whether it has followed: what came meanwhile it is
   * told before it is read.
   */
  async settleProbed(): Promise<boolean> {
    return this.#outbox.size === 0 || this.#flushed(true);
  }

  close(): void {
    this.#open = false;
    this.#stopRetrying();
  }

  #note(removal: Removal): void {
    if (removal.unlisted === true && removal.namespace !== undefined)
      return this.#journal.crowdOut(removal.namespace, this.#parts.clock.now());
    const journal = removal.namespace === undefined ? this.#tokenJournal : this.#journal;
    journal.note(removal, this.#parts.clock.now());
  }

  #collapse(namespaces: readonly string[]): void {
    if (namespaces.length === 0) return;
    // One at once after the other: nothing reads the tier in between.
    this.#outbox.drop(namespaces);
    this.#parts.collapse(namespaces);
  }

  #flushed(isProbe: boolean): Promise<boolean> {
    return this.#outbox.flush(async (removal) => {
      const done = await this.#attempt(removal, isProbe);
      if (done) removal.late?.();
      return done;
    });
  }

  async #attempt(removal: Removal, isProbe: boolean): Promise<boolean> {
    const done = await this.#parts.attempt(removal, isProbe);
    if (done) this.#note(removal);
    return done;
  }

  #retryLater(): void {
    if (this.#cancelRetry !== undefined || !this.#open) return;
    const delayMs = Math.min(RETRY_FIRST_MS * 2 ** this.#retries, RETRY_LONGEST_MS);
    this.#cancelRetry = this.#parts.clock.after(delayMs, () => {
      this.#cancelRetry = undefined;
      this.#retries++;
      void this.settle().then((settled) => {
        if (!settled) this.#retryLater();
      });
    });
  }

  #stopRetrying(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#retries = 0;
  }
}
