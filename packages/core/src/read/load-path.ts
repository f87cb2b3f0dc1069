import type { BatchLoader, Loader, StaleValue } from "../contracts/loader.ts";
import { ownCopyOf } from "../entry/copy.ts";
import { CacheError } from "../errors.ts";
import type { Answer, Find } from "../write/answer.ts";
import type { Family } from "../write/family.ts";
import { oneEach } from "./batch-result.ts";
import { Fill } from "./fill.ts";
import { Learned } from "./learned.ts";
import type { Leases } from "./leases.ts";
import { loadingFor, waitsForNothing } from "./load-chain.ts";
import { LoadTools, ofOneKey } from "./load-tools.ts";
import { isMark, type LoadedValue, LoadFailure, type Outcome, UNCHANGED } from "./loader-outcome.ts";
import { type LoaderCall, LoaderRun } from "./loader-run.ts";
import type { ReadRequest } from "./request.ts";

/** What a loader has said of one value besides it. */
type SaidOfOne = Pick<LoadedValue<unknown>, "etag" | "lateTags">;

/** Gets new values from the loader and leaves them in every tier. */
export class LoadPath<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #runs: LoaderRun<V>;
  readonly #fill: Fill<V>;
  readonly #leases: Leases<V>;

  constructor(family: Family<V>, leases: Leases<V>) {
    this.#family = family;
    this.#leases = leases;
    this.#runs = new LoaderRun(family);
    this.#fill = new Fill(family, leases);
  }

  /**
   * Loads the value of one key.
   *
   * @throws What the loader throws, as it is; `LOAD_TIMEOUT`; `INVALID_VALUE` for a loader that found unchanged what was
   * never there, or did not return that.
   */
  async load(request: ReadRequest<K, V>, load: Loader<K, V>): Promise<Answer<V>> {
    const [answer] = await this.#answers([request], async (tools) => [await load(...request.args, ofOneKey(tools))]);
    if (answer instanceof LoadFailure) throw answer.error;
    return answer as Answer<V>;
  }

  /**
   * Loads the values of many keys with one call, in the order of the requests.
   *
   * @throws What the loader throws, as it is; `LOAD_TIMEOUT`; `INVALID_BATCH` when it returned no list of one value a key;
   * `INVALID_VALUE` where it called `unchanged` or `failed` and returned neither.
   */
  loadMany(
    requests: readonly ReadRequest<K, V>[],
    loadMany: BatchLoader<K, V>,
  ): Promise<readonly (Answer<V> | LoadFailure)[]> {
    const keys = requests.map(({ args }) => args);
    return this.#answers(requests, async (tools) =>
      Promise.all(oneEach(this.#family.name, requests.length, await loadMany(keys, tools))),
    );
  }

  async #answers(
    requests: readonly ReadRequest<K, V>[],
    load: (tools: LoadTools) => Promise<readonly unknown[]>,
  ): Promise<readonly (Answer<V> | LoadFailure)[]> {
    const flights = requests.map(({ flight }) => flight);
    const stale = flights.map((flight) => flight.stale);
    const learned = new Learned(this.#family.stack);
    const tools = new LoadTools(
      stale.map((find) => this.#told(find)),
      (position, tags, before) => this.#named(requests[position], tags, before),
      learned,
    );
    const outcomes = await this.#runs.run({
      keys: requests.length,
      tools,
      run: async () => {
        const made = this.#returned(await loadingFor(flights, () => load(tools)), tools);
        return made.map((each, position) => {
          const said = { etag: tools.etagAt(position), lateTags: tools.lateTagsAt(position) };
          return this.#outcomeOf(each, stale[position], said);
        });
      },
      keep: (made, loadMs, rules) => {
        learned.keep(flights, loadMs);
        for (const [position, request] of requests.entries()) {
          const outcome = made[position] as Outcome<V>;
          if (!(outcome instanceof LoadFailure)) this.#fill.keep(request, outcome, { loadMs, rules });
        }
      },
      ...this.#reach(requests),
    });
    const createdAt = this.#family.stack.clock.now();
    return outcomes.map((outcome) => {
      if (outcome instanceof LoadFailure) return outcome;
      return { value: outcome.value, origin: { source: "loader", createdAt, stale: undefined } };
    });
  }

  #told(find: Find<V> | undefined): StaleValue | undefined {
    if (find === undefined) return undefined;
    const { value, etag, createdAt } = find.entry;
    const { isolate } = this.#family.rules;
    // A loader may change it as any other caller may.
    return {
      value: isolate === "clone" ? ownCopyOf(value) : value,
      etag,
      ageMs: Math.max(0, this.#family.stack.clock.now() - createdAt),
    };
  }

  /** `unchanged` is of type `never`, and so looks as if it threw: whoever does not return it would keep something else. */
  #returned(made: readonly unknown[], tools: LoadTools): readonly unknown[] {
    if (!tools.hasMarked || made.some(isMark)) return made;
    const message = `A loader of namespace "${this.#family.name}" called unchanged() or failed() and did not return what it got.`;
    throw new CacheError("INVALID_VALUE", message);
  }

  #outcomeOf(made: unknown, stale: Find<V> | undefined, { etag, lateTags }: SaidOfOne): Outcome<V> {
    if (made instanceof LoadFailure) return made;
    if (made !== UNCHANGED) return { value: made as V, etag, lateTags, confirms: undefined };
    if (stale !== undefined)
      return { value: stale.entry.value, etag: etag ?? stale.entry.etag, lateTags, confirms: stale };
    const message = `A loader of namespace "${this.#family.name}" says that nothing has changed, but was given nothing stale.`;
    return new LoadFailure(new CacheError("INVALID_VALUE", message));
  }

  /** The tags that a key's loader has named besides those known from the key, with those named before. */
  #named(
    request: ReadRequest<K, V> | undefined,
    tags: readonly string[],
    before: readonly string[],
  ): readonly string[] {
    const known = request?.tags ?? [];
    const all = this.#family.tags.named(tags, [...known, ...before]);
    if (request !== undefined && !this.#family.tags.mayJoin(request.flight.footing))
      request.flight.tooOldForSome = true;
    return all.filter((tag) => !known.includes(tag));
  }

  /** How a loader and the flights it loads for reach each other. */
  #reach(requests: readonly ReadRequest<K, V>[]): Pick<LoaderCall<V>, "began" | "late" | "ended"> {
    const { loads } = this.#family;
    return {
      began: (context) => {
        let waitedFor = requests.length;
        for (const { flight } of requests) {
          flight.onAbandoned((reason) => {
            waitedFor--;
            if (waitedFor === 0) context.abandon(reason);
          });
        }
      },
      late: () => {
        for (const { flight } of requests) loads.becomeLate(flight);
      },
      ended: () => {
        for (const request of requests) {
          this.#leases.giveUp(request);
          loads.landed(request.flight);
          waitsForNothing(request.flight);
        }
        this.#family.tags.loaded();
      },
    };
  }
}
