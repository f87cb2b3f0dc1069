import type { Ms } from "../contracts/clock.ts";
import type { Lease } from "../contracts/fence.ts";
import { TickFold } from "./tick-fold.ts";

/** Whether each lease was taken, in their order; `undefined` where the tier could not be asked. */
export type Taken = readonly boolean[] | undefined;

/** What {@link LeaseFold} makes of the leases of one tick. Must not reject. */
export type TakeAll = (leases: readonly Lease[], leaseMs: Ms) => Promise<Taken>;

interface Wanted {
  readonly leases: readonly Lease[];
  readonly leaseMs: Ms;
  readonly answer: (taken: Taken) => void;
}

/** Folds all leases that are asked for in one tick into one call, as a burst of misses asks for each by itself. */
export class LeaseFold {
  readonly #takeAll: TakeAll;
  readonly #maxLeases: number;
  readonly #fold = new TickFold<Wanted>((all) => this.#send(all));

  /** @param maxLeases - The most leases of one call, unless they were asked for together. */
  constructor(takeAll: TakeAll, maxLeases: number) {
    this.#takeAll = takeAll;
    this.#maxLeases = maxLeases;
  }

  /** Takes leases together with all others asked for in this tick. */
  take(leases: readonly Lease[], leaseMs: Ms): Promise<Taken> {
    return new Promise((answer) => this.#fold.add({ leases, leaseMs, answer }));
  }

  /** Those that last equally long share a call. */
  #send(all: readonly Wanted[]): void {
    let from = 0;
    while (from < all.length) {
      const first = all[from] as Wanted;
      let leases = first.leases;
      let to = from + 1;
      for (let next = all[to]; next?.leaseMs === first.leaseMs; next = all[to]) {
        if (leases.length + next.leases.length > this.#maxLeases) break;
        leases = to === from + 1 ? [...leases, ...next.leases] : pushed(leases as Lease[], next.leases);
        to++;
      }
      void this.#takeAll(leases, first.leaseMs).then(answering(all.slice(from, to)));
      from = to;
    }
  }
}

function pushed(leases: Lease[], more: readonly Lease[]): Lease[] {
  leases.push(...more);
  return leases;
}

function answering(all: readonly Wanted[]): (taken: Taken) => void {
  return (taken) => {
    let from = 0;
    for (const { leases, answer } of all) {
      answer(taken?.slice(from, from + leases.length));
      from += leases.length;
    }
  };
}
