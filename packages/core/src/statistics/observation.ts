import type { Observer } from "../contracts/observer.ts";
import { type Around, aroundOf, audienceOf, contained } from "../observers/audience.ts";
import { type OptionRule, objectWith } from "../option-rules.ts";
import { Statistics, type StatisticsParts } from "./statistics.ts";

const anObserver: OptionRule = objectWith("an observer", "on");

/** What the option `observer` accepts. */
export const observerRule: OptionRule = {
  allowed: `${anObserver.allowed}, or a list of them`,
  accepts: (value) => (Array.isArray(value) ? value : [value]).every((each) => anObserver.accepts(each)),
};

/** Who observes a cache. */
export interface Observation {
  /** Everybody who hears of what is no plain hit: the statistics, then the user's observers. */
  readonly observer: Observer | undefined;
  /** The user's observers, for plain hits, which the statistics count otherwise. */
  readonly listener: Observer | undefined;
  /** Stands around flights, loads and calls; `undefined` where nobody traces. */
  readonly around: Around | undefined;
  readonly statistics: Statistics;
  /** Tells the observers that the cache is closed. */
  endObservation(): void;
}

/** Puts the user's observers and the statistics in their places. */
export function observationOf(
  given: Observer | readonly Observer[] | undefined,
  parts: Omit<StatisticsParts, "listener">,
): Observation {
  const observers = [given ?? []].flat().map(contained);
  const listener = audienceOf(observers);
  const statistics = new Statistics({ ...parts, listener });
  const unwatches = observers.map((observer) => observer.watch?.(() => statistics.gauges()));
  return {
    observer: audienceOf(parts.counts ? [statistics, ...observers] : observers),
    listener,
    around: aroundOf(observers),
    statistics,
    endObservation: () => {
      statistics.close();
      for (const unwatch of unwatches) unwatch?.();
      listener?.on({ type: "closed" });
    },
  };
}
