import type { Family } from "../write/family.ts";
import type { Flight } from "../write/flight.ts";

/** What all who wait for a flight are answered, and how one of them asks anew. */
interface Joining<T> {
  readonly answer: Promise<T>;
  readonly again: () => Promise<T>;
}

/**
 * What one is answered who has joined a flight: what all are, unless its loader is the first of its namespace to name tags, and it turns out
 * to be older than the end of one which he came after.
 */
export function joined<V, R, T>(family: Family<V>, flight: Flight<R>, { answer, again }: Joining<T>): Promise<T> {
  family.observe({ type: "joined", namespace: family.name, flight: flight.number });
  if (family.tags.isUntouched(flight.footing)) return answer;
  return answer.then((value) => (flight.tooOldForSome ? again() : value));
}
