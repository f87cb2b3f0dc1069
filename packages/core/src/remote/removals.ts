import { type CancelTimer, type Clock, idle, type Ms } from "../contracts/clock.ts";
import type { Shards } from "../contracts/shards.ts";
import { Journal } from "./journal.ts";
import { Outbox, type Told } from "./outbox.ts";
import type { Removal } from "./removal.ts";

/** What removals need besides the tier. */
export interface RemovalsParts {
  readonly clock: Clock;
  /** Those of the tier, if it has any. */
  readonly shards?: Shards | undefined;
  /** Tells the tier of one removal, also where it is being probed; must not reject. */
  readonly attempt: (removal: Removal, isProbe: boolean) => Promise<Told>;
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
  readonly #outbox: Outbox;
  readonly #journal = new Journal(JOURNAL_MS, MAX_JOURNAL_KEYS);
  /** Of what nothing else stands for: tokens, of which there are few. */
  readonly #tokenJournal = new Journal(JOURNAL_MS, Number.POSITIVE_INFINITY);
  #cancelRetry: CancelTimer | undefined;
  #cancelForgetting: CancelTimer | undefined;
  #retries = 0;
  #open = true;

  constructor(parts: RemovalsParts) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.shards);
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
    const done = (await this.#attempt(removal, false)) === "done";
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
      if (!this.#parts.isAsked() || (await this.#flushed(false)) !== "done") return false;
    }
    this.#stopRetrying();
    return true;
  }

  /** Whether keys must not be read before the tier has been told of something. */
  holdsUp(keys: readonly string[]): boolean {
    return this.#outbox.holdsUp(keys);
  }

  /** Whether the tier is still to be told to forget this very key. */
  awaits(key: string): boolean {
    return this.#outbox.has(key);
  }

  /** Tells the tier of what holds keys up. Resolves to whether nothing does any more. */
  async settleFor(keys: readonly string[]): Promise<boolean> {
    if (this.#parts.shards === undefined) return this.settle();
    return this.#parts.isAsked() && this.#outbox.flushKeys(keys, this.#tellLate(false));
  }

  /**
   * Tells a tier that is being probed of all that is pending by now. Resolves to whether it has followed, but for shards that are
   * away: what came meanwhile, and what lies on those, it is told before it is read.
   */
  async settleProbed(): Promise<boolean> {
    return this.#outbox.size === 0 || (await this.#flushed(true)) !== "failed";
  }

  close(): void {
    this.#open = false;
    this.#stopRetrying();
    this.#cancelForgetting?.();
  }

  #note(removal: Removal): void {
    if (removal.unlisted === true && removal.namespace !== undefined)
      return this.#journal.crowdOut(removal.namespace, this.#parts.clock.now());
    const journal = removal.namespace === undefined ? this.#tokenJournal : this.#journal;
    journal.note(removal, this.#parts.clock.now());
    this.#forgetLater();
  }

  /** Noting lets go of what is old; where nothing is removed any longer, nobody else would. */
  #forgetLater(): void {
    if (this.#cancelForgetting !== undefined || !this.#open) return;
    this.#cancelForgetting = idle(this.#parts.clock).after(2 * JOURNAL_MS, () => {
      this.#cancelForgetting = undefined;
      const now = this.#parts.clock.now();
      for (const journal of [this.#journal, this.#tokenJournal]) journal.forget(now);
      if (this.#journal.size + this.#tokenJournal.size > 0) this.#forgetLater();
    });
  }

  #collapse(namespaces: readonly string[]): void {
    if (namespaces.length === 0) return;
    // One at once after the other: nothing reads the tier in between.
    this.#outbox.drop(namespaces);
    this.#parts.collapse(namespaces);
  }

  #flushed(isProbe: boolean): Promise<Told> {
    return this.#outbox.flush(this.#tellLate(isProbe));
  }

  #tellLate(isProbe: boolean): (removal: Removal) => Promise<Told> {
    return async (removal) => {
      const end = await this.#attempt(removal, isProbe);
      if (end === "done") removal.late?.();
      return end;
    };
  }

  async #attempt(removal: Removal, isProbe: boolean): Promise<Told> {
    const end = await this.#parts.attempt(removal, isProbe);
    if (end === "done") this.#note(removal);
    return end;
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
