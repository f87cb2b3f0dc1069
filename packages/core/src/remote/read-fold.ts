import { TickFold } from "./tick-fold.ts";

/** One frame or gap a key, in order; the tier, or the shard of a key, could not be asked. */
export type Found = readonly (Uint8Array | "unreachable" | undefined)[] | "unreachable";

/** What {@link ReadFold} makes of the reads of one tick: one call for all their keys. Must not reject. */
export type ReadAll = (keys: readonly string[]) => Promise<Found>;

interface PendingRead {
  readonly keys: readonly string[];
  readonly answer: (found: Found) => void;
}

/**
 * Folds all reads of one tick into one call, so that a burst of reads costs one command: a client's work per
 * command, not the wire, is what limits the rate of small reads.
 */
export class ReadFold {
  readonly #readAll: ReadAll;
  readonly #maxKeys: number;
  readonly #fold = new TickFold<PendingRead>((pending) => this.#send(pending));

  /**
   * @param maxKeys - The most keys of one call; a burst of more is split.
   */
  constructor(readAll: ReadAll, maxKeys: number) {
    this.#readAll = readAll;
    this.#maxKeys = maxKeys;
  }

  /** Reads keys together with all others asked for in this tick. Resolves to one frame or gap a key, in order. */
  read(keys: readonly string[]): Promise<Found> {
    return keys.length <= this.#maxKeys ? this.#enqueued(keys) : this.#inParts(keys);
  }

  async #inParts(keys: readonly string[]): Promise<Found> {
    const parts: Promise<Found>[] = [];
    for (let from = 0; from < keys.length; from += this.#maxKeys) {
      parts.push(this.#enqueued(keys.slice(from, from + this.#maxKeys)));
    }
    const frames: (Uint8Array | "unreachable" | undefined)[] = [];
    for (const found of await Promise.all(parts)) {
      if (found === "unreachable") return found;
      frames.push(...found);
    }
    return frames;
  }

  #enqueued(keys: readonly string[]): Promise<Found> {
    return new Promise((answer) => this.#fold.add({ keys, answer }));
  }

  #send(pending: readonly PendingRead[]): void {
    const [first] = pending;
    if (pending.length === 1 && first !== undefined) {
      void this.#readAll(first.keys).then(first.answer);
      return;
    }
    let from = 0;
    while (from < pending.length) {
      let to = from;
      let keyCount = 0;
      while (to < pending.length && keyCount + keysAt(pending, to) <= this.#maxKeys) {
        keyCount += keysAt(pending, to);
        to++;
      }
      void this.#sendTogether(pending.slice(from, to));
      from = to;
    }
  }

  async #sendTogether(reads: readonly PendingRead[]): Promise<void> {
    const found = await this.#readAll(reads.flatMap((read) => read.keys));
    let from = 0;
    for (const read of reads) {
      read.answer(found === "unreachable" ? found : found.slice(from, from + read.keys.length));
      from += read.keys.length;
    }
  }
}

function keysAt(pending: readonly PendingRead[], index: number): number {
  return pending[index]?.keys.length ?? 0;
}
