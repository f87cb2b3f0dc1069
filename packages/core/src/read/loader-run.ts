import type { Ms } from "../contracts/clock.ts";
import type { EntryRules } from "../entry/rules.ts";
import { CacheError } from "../errors.ts";
import type { Endable } from "../lifetime.ts";
import { Deadlines } from "../remote/deadlines.ts";
import type { Family } from "../write/family.ts";
import type { LoadTools } from "./load-tools.ts";
import { LoadFailure, type Outcome } from "./loader-outcome.ts";

/** One call of a loader for so many keys. */
export interface LoaderCall<V> {
  readonly keys: number;
  readonly tools: LoadTools;
  /** Resolves to one outcome a key. */
  run(): Promise<readonly Outcome<V>[]>;
  /** Keeps what was loaded, by these rules. Called also when the loader ends after the hard timeout. */
  keep(loaded: readonly Outcome<V>[], loadMs: Ms, rules: EntryRules): void;
  /** The loader is about to be called. */
  began(context: Endable): void;
  /** The hard timeout is over; {@link ended} still follows. */
  late(): void;
  /** The loader has ended, one way or the other. */
  ended(): void;
}

/** Runs loaders: tells how they end, and waits for none longer than the hard timeout. */
export class LoaderRun<V> {
  readonly #family: Family<V>;
  readonly #deadlines: Deadlines;

  constructor(family: Family<V>) {
    this.#family = family;
    const { stack, rules, name } = family;
    const lateness = (ms: Ms): CacheError =>
      new CacheError("LOAD_TIMEOUT", `A load of namespace "${name}" took over ${ms} ms.`);
    this.#deadlines = new Deadlines({ clock: stack.clock, deadlineMs: rules.hardTimeoutMs }, lateness);
  }

  /**
   * Calls a loader once.
   *
   * @throws What the loader throws, as it is; `LOAD_TIMEOUT`; `CLOSED` where the cache was closed while its tiers were
   * asked: a loader that began then would never hear of it.
   */
  async run(call: LoaderCall<V>): Promise<readonly Outcome<V>[]> {
    this.#begin(call);
    return this.#inTime(this.#told(call), call);
  }

  /** Nobody may have waited any longer before it came to the load, or the cache may be closed: then there is none. */
  #begin(call: LoaderCall<V>): void {
    try {
      this.#family.stack.lifetime.begin(call.tools);
      call.began(call.tools);
      call.tools.throwIfAbandoned();
    } catch (error) {
      this.#family.stack.lifetime.done(call.tools);
      call.ended();
      throw error;
    }
  }

  async #told(call: LoaderCall<V>): Promise<readonly Outcome<V>[]> {
    const { stack, name: namespace } = this.#family;
    const { keys } = call;
    const startedAt = stack.clock.now();
    this.#family.observe({ type: "load-started", namespace, keys });
    try {
      const outcomes = await (stack.around?.({ kind: "load", namespace, keys }, () => call.run()) ?? call.run());
      const durationMs = stack.clock.now() - startedAt;
      call.keep(outcomes, durationMs, call.tools.rulesOver(this.#family.rules));
      const failed = outcomes.filter((outcome) => outcome instanceof LoadFailure).length;
      if (failed < keys) this.#family.observe({ type: "loaded", namespace, keys: keys - failed, durationMs });
      if (failed > 0) this.#family.observe({ type: "load-failed", namespace, keys: failed, durationMs });
      return outcomes;
    } catch (error) {
      this.#family.observe({ type: "load-failed", namespace, keys, durationMs: stack.clock.now() - startedAt });
      throw error;
    } finally {
      stack.lifetime.done(call.tools);
      call.ended();
    }
  }

  #inTime(loading: Promise<readonly Outcome<V>[]>, call: LoaderCall<V>): Promise<readonly Outcome<V>[]> {
    if (this.#family.rules.hardTimeoutMs === Number.POSITIVE_INFINITY) return loading;
    const late = {
      abandon: (reason: CacheError): void => {
        this.#family.observe({ type: "load-timed-out", namespace: this.#family.name, keys: call.keys });
        call.late();
        call.tools.abandon(reason);
      },
    };
    return this.#deadlines.within(late, () => loading);
  }
}
