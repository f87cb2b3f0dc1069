/** So many tries in a row may gain nothing before any is left out. */
const PATIENCE = 3;

/** The longest pause is 2 to this power. */
const LONGEST_PAUSE_LOG = 6;

/** So many namespaces are remembered at most; where there are more, the oldest is forgotten and tried again. */
const MOST_NAMESPACES = 256;

/** What is known of a namespace whose last try gained nothing. */
interface Loss {
  triesInARow: number;
  /** How many of the next values are left out. */
  pause: number;
}

/**
 * Whether it is worth trying to compress the next value of a namespace, judged by how the last tries ended: after three
 * in a row that gained nothing, the next 1, 2, 4 and so on up to 64 values are left out before one is tried again. One
 * try that gains ends that. Counts values and looks at no clock.
 */
export class GainEstimate {
  readonly #losses = new Map<string, Loss>();

  /** Whether to try the next value. Counts as that value: to be asked once for each. */
  worthTrying(namespace: string): boolean {
    const loss = this.#losses.get(namespace);
    if (loss === undefined || loss.pause === 0) return true;
    loss.pause--;
    return false;
  }

  /** Takes note of how a try has ended. */
  learn(namespace: string, gained: boolean): void {
    if (gained) this.#losses.delete(namespace);
    else this.#learnLoss(namespace);
  }

  #learnLoss(namespace: string): void {
    const loss = this.#losses.get(namespace) ?? this.#firstLoss(namespace);
    loss.triesInARow = Math.min(loss.triesInARow + 1, PATIENCE + LONGEST_PAUSE_LOG);
    loss.pause = loss.triesInARow < PATIENCE ? 0 : 2 ** (loss.triesInARow - PATIENCE);
  }

  #firstLoss(namespace: string): Loss {
    const loss = { triesInARow: 0, pause: 0 };
    this.#losses.set(namespace, loss);
    if (this.#losses.size > MOST_NAMESPACES) {
      const [oldest] = this.#losses.keys();
      if (oldest !== undefined) this.#losses.delete(oldest);
    }
    return loss;
  }
}
