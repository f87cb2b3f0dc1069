import type { Loader } from "../contracts/loader.ts";
import type { Family } from "../write/family.ts";
import type { Flights } from "../write/flights.ts";
import { LoadPath } from "./load-path.ts";
import type { ReadRequest } from "./request.ts";
import { TierRead } from "./tier-read.ts";

/** Answers the reads of one key that its local entry could not: by joining a flight, from a remote tier, or by a load. */
export class ReadPath<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #tierRead: TierRead<V>;
  readonly #loadPath: LoadPath<K, V>;

  constructor(family: Family<V>) {
    this.#family = family;
    this.#tierRead = new TierRead(family);
    this.#loadPath = new LoadPath(family);
  }

  /** The value of a key, loaded if no tier has it. All who ask meanwhile share one flight, and its failure too. */
  getOrLoad(id: string, args: K, load: Loader<K, V>): Promise<V> {
    return this.#join(this.#family.loads, { id, args }, async (request) => {
      const [entry] = await this.#tierRead.find([request]);
      if (entry !== undefined) return entry.value;
      this.#family.observe({ type: "miss", namespace: this.#family.name });
      return this.#loadPath.load(request, load);
    });
  }

  /** The value of a key if a remote tier has it. */
  find(id: string, args: K): Promise<V | undefined> {
    return this.#join(this.#family.lookups, { id, args }, async (request) => {
      const [entry] = await this.#tierRead.find([request]);
      if (entry === undefined) this.#family.observe({ type: "miss", namespace: this.#family.name });
      return entry?.value;
    });
  }

  #join<R>(
    flights: Flights<R>,
    { id, args }: { readonly id: string; readonly args: K },
    fly: (request: ReadRequest<K, R>) => Promise<R>,
  ): Promise<R> {
    const running = flights.running(id);
    if (running !== undefined) {
      this.#family.observe({ type: "joined", namespace: this.#family.name });
      return running.promise;
    }
    this.#family.stack.lifetime.assertOpen();
    const key = this.#family.remoteKey(id);
    const flight = flights.begin(id);
    fly({ args, key, flight }).then(
      (value) => flights.succeed(flight, value),
      (error: unknown) => flights.fail(flight, error),
    );
    return flight.promise;
  }
}
