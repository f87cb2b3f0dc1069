import { AsyncLocalStorage } from "node:async_hooks";
import { CacheError } from "../errors.ts";

/** A flight, as far as those who wait for it are concerned. */
export interface Awaited {
  /** Whether it has given an answer: it may go on, but nobody waits for that who was content with the answer. */
  readonly answered: boolean;
}

/** What somebody waits for: a flight's first answer, or its end, as that answer is too old for him. */
export interface Wait {
  readonly flight: Awaited;
  readonly until: "answer" | "end";
  /** Of the flight, for the message. */
  readonly namespace: string;
}

/** The flights that the running loader is loading for; none outside of a loader. */
const loading = new AsyncLocalStorage<readonly object[]>();

/** What each flight's loader waits for, until that is there or the loader has ended. */
const waits = new WeakMap<object, Set<Wait>>();

/** Runs a loader so that whatever it reads is known to be read for these flights. */
export function loadingFor<T>(flights: readonly object[], run: () => T): T {
  return loading.run(flights, run);
}

/** Whether a loader is running, and what it waits for has to be {@link waited} for. */
export function isInLoader(): boolean {
  return (loading.getStore()?.length ?? 0) > 0;
}

/**
 * Notes that the running loader, if there is one, waits for a flight until it has been answered by it.
 *
 * @param answer - What it is answered with.
 * @throws {@link CacheError} `LOADS_ITSELF` where that flight waits, directly or by way of others, for the one that the
 * loader is loading for: neither would ever end.
 */
export function waited<T>(wait: Wait, answer: () => Promise<T>): Promise<T> {
  const waiting = loading.getStore() ?? [];
  if (waiting.length === 0 || isOver(wait)) return answer();
  refuse(wait, waiting);
  for (const each of waiting) {
    const known = waits.get(each);
    if (known === undefined) waits.set(each, new Set([wait]));
    else known.add(wait);
  }
  const promise = answer();
  const over = (): void => {
    for (const each of waiting) waits.get(each)?.delete(wait);
  };
  promise.then(over, over);
  return promise;
}

/**
 * Asserts that the running loader, if there is one, is not loading for a flight, nor for one that it waits for.
 *
 * @throws {@link CacheError} `LOADS_ITSELF`.
 */
export function refuseOwn(flight: Awaited, namespace: string): void {
  refuse({ flight, until: "end", namespace }, loading.getStore() ?? []);
}

/** A flight's loader has ended: it waits for nothing any longer. */
export function waitsForNothing(flight: object): void {
  waits.delete(flight);
}

function refuse({ flight, namespace }: Wait, waiting: readonly object[]): void {
  if (!leadsTo(flight, waiting)) return;
  const message = `A loader of namespace "${namespace}" waits for the very key it is loading; it would never end.`;
  throw new CacheError("LOADS_ITSELF", message);
}

/** Whether one of the goals is reached from a flight along what each waits for. */
function leadsTo(flight: object, goals: readonly object[]): boolean {
  const seen = new Set<object>([flight]);
  for (const each of seen) {
    if (goals.includes(each)) return true;
    for (const wait of waits.get(each) ?? []) if (!isOver(wait)) seen.add(wait.flight);
  }
  return false;
}

/** A flight has answered before whoever waits for that hears of it, and its loader may read by then. */
function isOver({ flight, until }: Wait): boolean {
  return until === "answer" && flight.answered;
}
