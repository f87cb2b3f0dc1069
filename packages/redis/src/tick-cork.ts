/** A socket that can hold back what is written to it. Neither is public in ioredis: without them each command is a write of its own. */
export interface Corkable {
  cork?(): void;
  uncork?(): void;
}

/**
 * Has the commands of one tick leave in a single write: where many are sent at once, the system call costs a client more than all
 * the rest of a command.
 */
export class TickCork {
  #held: Corkable | undefined;

  /** What is written to a socket in the rest of this tick leaves at its end. */
  hold(stream: Corkable | undefined): void {
    if (stream === this.#held || stream?.cork === undefined) return;
    this.#release();
    stream.cork();
    this.#held = stream;
    // Asked for inside a microtask it runs when no microtask is left; once more, as reads and commits are put off to then, too.
    process.nextTick(this.#releaseSoon);
  }

  readonly #releaseSoon = (): void => process.nextTick(this.#release);

  readonly #release = (): void => {
    this.#held?.uncork?.();
    this.#held = undefined;
  };
}
