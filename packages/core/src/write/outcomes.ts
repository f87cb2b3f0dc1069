import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { CacheEvent, StaleReason, WriteOperation } from "../contracts/observer.ts";
import { staleFrom } from "../entry/freshness.ts";
import type { Stack } from "../stack.ts";
import type { NamespaceStatistics } from "../statistics/namespace-statistics.ts";

/** Whose outcomes are told. */
interface Teller {
  readonly name: string;
  readonly stack: Stack;
  readonly statistics: NamespaceStatistics;
  observe(event: CacheEvent): void;
}

/** A flight, as far as it is told of. */
interface ToldFlight {
  readonly id: string;
  readonly number: number;
  readonly isTold: boolean;
  readonly skipsTiers: boolean;
  readonly abandoned: boolean;
  tell(): void;
}

/** Tells how the reads and writes of one namespace have ended: each read once, by what its reader was answered with. */
export class Outcomes {
  readonly #teller: Teller;

  constructor(teller: Teller) {
    this.#teller = teller;
  }

  /** A tier has answered by a fresh entry. Plain hits do not come by here. */
  hit({ value, loadMs }: Entry<unknown>, tier: string): void {
    const hit = { type: "hit", namespace: this.#teller.name, tier } as const;
    this.#teller.observe(value === undefined ? { ...hit, negative: true } : hit);
    this.#teller.statistics.tally.saved(loadMs);
  }

  /** A reader has been given what is no longer fresh. */
  stale(entry: Entry<unknown>, why: StaleReason): void {
    const ageMs: Ms = Math.max(0, this.#teller.stack.clock.now() - staleFrom(entry));
    this.#teller.observe({ type: "stale", namespace: this.#teller.name, ageMs, why });
  }

  /** The reader of a flight has been given what is no longer fresh; the flight goes on. */
  staleMeanwhile(flight: ToldFlight, entry: Entry<unknown>, why: StaleReason): void {
    flight.tell();
    this.stale(entry, why);
  }

  /** The reader of a flight has been given what was loaded for him. */
  loaded(flight: ToldFlight): void {
    if (flight.isTold) return;
    flight.tell();
    const { local, remotes } = this.#teller.stack;
    const isOff = local === undefined && remotes.length === 0;
    this.#teller.observe({ type: flight.skipsTiers || isOff ? "bypass" : "miss", namespace: this.#teller.name });
  }

  /** The reader of a flight is given an error, unless he has left. */
  failed(flight: ToldFlight): void {
    if (flight.isTold || flight.abandoned) return;
    flight.tell();
    this.#teller.observe({ type: "read-failed", namespace: this.#teller.name });
  }

  /** What a tier had has been copied into another one. */
  backFilled(tier: string): void {
    this.#teller.observe({ type: "back-filled", namespace: this.#teller.name, tier });
  }

  /** Tells how a write ends. */
  async written<T extends { readonly status: "done" | "queued" }>(
    operation: WriteOperation,
    keys: number,
    write: Promise<T>,
  ): Promise<T> {
    const told = { type: "written", namespace: this.#teller.name, operation, keys } as const;
    try {
      const result = await write;
      this.#teller.observe({ ...told, status: result.status });
      return result;
    } catch (error) {
      this.#teller.observe({ ...told, status: "failed" });
      throw error;
    }
  }

  /** Runs the way of flights, for whoever traces it. */
  traced<T>(requests: readonly { readonly flight: ToldFlight }[], run: () => Promise<T>): Promise<T> {
    const { around } = this.#teller.stack;
    if (around === undefined) return run();
    const numbers = requests.map(({ flight }) => flight.number);
    const keys = (): readonly string[] => requests.map(({ flight }) => flight.id);
    return around({ kind: "flight", namespace: this.#teller.name, flights: numbers, keys }, run);
  }
}
