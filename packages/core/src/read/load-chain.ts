import { AsyncLocalStorage } from "node:async_hooks";
import { CacheError } from "../errors.ts";

/** The flights that the running loader is loading for; none outside of a loader. */
const loading = new AsyncLocalStorage<readonly object[]>();

/** Which flights a flight's loader has asked for, and so is taken to wait for until it has ended. */
const waitsFor = new WeakMap<object, Set<object>>();

/** Runs a loader so that whatever it reads is known to be read for these flights. */
export function loadingFor<T>(flights: readonly object[], run: () => T): T {
  return loading.run(flights, run);
}

/** Runs something that nobody waits for: what it reads is read for no flight. */
export function waitedForByNobody<T>(run: () => T): T {
  return loading.run([], run);
}

/**
 * Notes that the running loader, if there is one, is going to wait for a flight.
 *
 * @throws {@link CacheError} `LOADS_ITSELF` where that flight waits, directly or by way of others, for the one that the
 * loader is loading for: neither would ever end.
 */
export function waitFor(flight: object, namespace: string): void {
  const waiting = loading.getStore() ?? [];
  if (waiting.length === 0) return;
  if (leadsTo(flight, waiting)) {
    const message = `A loader of namespace "${namespace}" waits for the very key it is loading; it would never end.`;
    throw new CacheError("LOADS_ITSELF", message);
  }
  for (const each of waiting) {
    const known = waitsFor.get(each);
    if (known === undefined) waitsFor.set(each, new Set([flight]));
    else known.add(flight);
  }
}

/** A flight's loader has ended: it waits for nothing any longer. */
export function waitsForNothing(flight: object): void {
  waitsFor.delete(flight);
}

/** Whether one of the goals is reached from a flight along what each waits for. */
function leadsTo(flight: object, goals: readonly object[]): boolean {
  const seen = new Set<object>([flight]);
  for (const each of seen) {
    if (goals.includes(each)) return true;
    for (const next of waitsFor.get(each) ?? []) seen.add(next);
  }
  return false;
}
