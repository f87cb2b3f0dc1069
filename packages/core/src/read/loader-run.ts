import type { Ms } from "../contracts/clock.ts";
import type { EntryRules } from "../entry/rules.ts";
import { CacheError } from "../errors.ts";
import type { Endable } from "../lifetime.ts";
import type { Family } from "../write/family.ts";
import { LoadContext } from "./load-context.ts";

/** One call of a loader for so many keys. */
export interface LoaderCall<T> {
  readonly keys: number;
  run(context: LoadContext): T | PromiseLike<T>;
  /** Keeps what was loaded, by these rules. Called also when the loader ends after the hard timeout. */
  keep(loaded: T, loadMs: Ms, rules: EntryRules): void;
  /** The loader is about to be called. */
  began(context: Endable): void;
  /** The hard timeout is over; {@link ended} still follows. */
  late(): void;
  /** The loader has ended, one way or the other. */
  ended(): void;
}

/**
 * Runs loaders: tells how they end, and waits for none longer than the hard timeout.
 *
 * @typeParam V - The namespace's value; a run may load many.
 */
export class LoaderRun<V> {
  readonly #family: Family<V>;

  constructor(family: Family<V>) {
    this.#family = family;
  }

  /**
   * Calls a loader once.
   *
   * @throws What the loader throws, as it is; `LOAD_TIMEOUT`; `CLOSED` where the cache was closed while its tiers were
   * asked: a loader that began then would never hear of it.
   */
  async run<T>(call: LoaderCall<T>): Promise<T> {
    const { lifetime } = this.#family.stack;
    const context = new LoadContext();
    this.#begin(call, context);
    const loading = this.#told(call, context).finally(() => {
      lifetime.done(context);
      call.ended();
    });
    return this.#inTime(loading, call, context);
  }

  /** Nobody may have waited any longer before it came to the load, or the cache may be closed: then there is none. */
  #begin<T>(call: LoaderCall<T>, context: LoadContext): void {
    try {
      this.#family.stack.lifetime.begin(context);
      call.began(context);
      context.throwIfAbandoned();
    } catch (error) {
      this.#family.stack.lifetime.done(context);
      call.ended();
      throw error;
    }
  }

  async #told<T>(call: LoaderCall<T>, context: LoadContext): Promise<T> {
    const { stack, name: namespace } = this.#family;
    const { keys } = call;
    const startedAt = stack.clock.now();
    try {
      const loaded = await call.run(context);
      const durationMs = stack.clock.now() - startedAt;
      call.keep(loaded, durationMs, context.rulesOver(this.#family.rules));
      this.#family.observe({ type: "loaded", namespace, keys, durationMs });
      return loaded;
    } catch (error) {
      this.#family.observe({ type: "load-failed", namespace, keys, durationMs: stack.clock.now() - startedAt });
      throw error;
    }
  }

  #inTime<T>(loading: Promise<T>, call: LoaderCall<T>, context: LoadContext): Promise<T> {
    const { stack, rules, name: namespace } = this.#family;
    const { hardTimeoutMs } = rules;
    if (hardTimeoutMs === Number.POSITIVE_INFINITY) return loading;
    return new Promise((resolve, reject) => {
      const cancel = stack.clock.after(hardTimeoutMs, () => {
        const reason = new CacheError(
          "LOAD_TIMEOUT",
          `A load of namespace "${namespace}" took over ${hardTimeoutMs} ms.`,
        );
        this.#family.observe({ type: "load-timed-out", namespace, keys: call.keys });
        call.late();
        reject(reason);
        context.abandon(reason);
      });
      // After the timeout these change nothing more, but they are what keeps a late failure from being unhandled.
      loading.then(resolve, reject).finally(cancel);
    });
  }
}
