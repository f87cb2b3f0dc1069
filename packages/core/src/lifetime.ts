import { CacheError } from "./errors.ts";

/** Work that must be told when the cache it belongs to is closed. */
export interface Endable {
  abandon(reason: CacheError): void;
}

/** How long a cache is in use. Whoever starts work for it asks here first. */
export class Lifetime {
  readonly #work = new Set<Endable>();
  readonly #background = new Set<Promise<unknown>>();
  #ended = false;

  get isOpen(): boolean {
    return !this.#ended;
  }

  /** @throws `CLOSED` after {@link end}. */
  assertOpen(): void {
    if (this.#ended) throw closed();
  }

  /** Begins work that is told of the end. @throws `CLOSED` after {@link end}. */
  begin(work: Endable): void {
    this.assertOpen();
    this.#work.add(work);
  }

  /** The work is done: it need not be told any longer. */
  done(work: Endable): void {
    this.#work.delete(work);
  }

  /** Knows of work that goes on by itself, until it has ended. It must not reject. */
  track(work: Promise<unknown>): void {
    this.#background.add(work);
    void work.then(() => this.#background.delete(work));
  }

  /** What is going on now. */
  get background(): readonly Promise<unknown>[] {
    return [...this.#background];
  }

  /** Ends the lifetime and tells what is running. Returns whether this call was the one that ended it. */
  end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    for (const work of this.#work) work.abandon(closed());
    this.#work.clear();
    return true;
  }
}

function closed(): CacheError {
  return new CacheError("CLOSED", "The cache is closed.");
}
