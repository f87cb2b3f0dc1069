/** A piece of long work, and how far it has come. */
export interface Progress {
  readonly what: string;
  readonly done: number;
  /** 0 where nobody knows how much it is. */
  readonly total: number;
  readonly isDone: boolean;
}

/** Where long work says how far it is: shown on the page, and line by line in the terminal. */
export class ProgressBoard {
  readonly #works = new Map<string, Progress>();
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;
  #hasOpenLine = false;

  /**
   * @param write - Takes what is for the terminal.
   * @param isTerminal - Whether a line may be written over; else only what is complete is written.
   */
  constructor(write: (text: string) => void, isTerminal: boolean) {
    this.#write = write;
    this.#isTerminal = isTerminal;
  }

  /** All that was begun, in the order in which it was. */
  get works(): readonly Progress[] {
    return [...this.#works.values()];
  }

  /** Work has come so far; it is done where `done` is `total`. */
  report(what: string, done: number, total: number): void {
    const isDone = total > 0 && done >= total;
    const wasDone = this.#works.get(what)?.isDone === true;
    this.#works.set(what, { what, done, total, isDone });
    if (isDone && !wasDone) this.say(total > 1 ? `${what}: ${count(total)}` : what);
    else if (!isDone && this.#isTerminal)
      this.#overwrite(total > 0 ? `${what}: ${count(done)} of ${count(total)}` : what);
  }

  /** A line that is no progress. */
  say(line: string): void {
    this.#write(`${this.#hasOpenLine ? "\r\u001b[K" : ""}${line}\n`);
    this.#hasOpenLine = false;
  }

  #overwrite(line: string): void {
    this.#write(`\r\u001b[K${line}`);
    this.#hasOpenLine = true;
  }
}

function count(number: number): string {
  return number.toLocaleString("en-GB");
}
