import type { Observer, Work } from "../contracts/observer.ts";

/** Stands around a piece of work; returns what the work itself does. */
export type Around = <T>(work: Work, run: () => Promise<T>) => Promise<T>;

/** Observers as one, in their order; `undefined` for none. */
export function audienceOf(observers: readonly Observer[]): Observer | undefined {
  const [first, ...others] = observers;
  if (others.length === 0) return first;
  return {
    on(event) {
      for (const observer of observers) observer.on(event);
    },
  };
}

/** An observer whose failures cannot reach a reader: reported once, as a process warning. */
export function contained(observer: Observer): Observer {
  let warned = false;
  const warn = (error: unknown): void => {
    if (warned) return;
    warned = true;
    const name = error instanceof Error ? error.name : typeof error;
    process.emitWarning(`A tiercache observer threw (${name}) and is ignored where it does.`);
  };
  const tried = <T>(step: () => T): T | undefined => {
    try {
      return step();
    } catch (error) {
      warn(error);
      return undefined;
    }
  };
  return {
    // On the path of hits, so without a closure.
    on(event) {
      try {
        observer.on(event);
      } catch (error) {
        warn(error);
      }
    },
    watch(gauges) {
      const unwatch = tried(() => observer.watch?.(gauges));
      return () => tried(() => unwatch?.());
    },
    ...(observer.around && { around: (work, run) => tried(() => observer.around?.(work, run)) }),
  };
}

/**
 * What stands around work, the first observer outermost; `undefined` where none does. Whatever an observer makes of `run`,
 * the work is done once, and its end is the caller's.
 */
export function aroundOf(observers: readonly Observer[]): Around | undefined {
  let around: Around | undefined;
  for (const observer of observers.toReversed()) {
    if (observer.around === undefined) continue;
    const inner = around;
    around = (work, run) => {
      let running: ReturnType<typeof run> | undefined;
      const once = (): ReturnType<typeof run> => {
        running ??= inner === undefined ? run() : inner(work, run);
        return running;
      };
      observer.around?.(work, once);
      return once();
    };
  }
  return around;
}
