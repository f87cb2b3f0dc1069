import { CacheError } from "../errors.ts";
import type { Flight } from "../write/flight.ts";
import type { Flights } from "../write/flights.ts";

/** A flight and the signal of one who waits for it. */
export interface Waiting<V> {
  readonly flight: Flight<V>;
  readonly signal: AbortSignal;
}

/**
 * Waits for a flight's answer until the caller's signal fires. The flight goes on for the others; when the last of them
 * has left, its loader is told, and whoever asks afterwards starts a new one.
 *
 * @param waiting - Whose signal has not fired yet.
 * @throws (rejects) The signal's reason, as it is; what the answer rejects with.
 */
export function unlessLeft<V, T>(flights: Flights<V>, { flight, signal }: Waiting<V>, answer: Promise<T>): Promise<T> {
  flight.wait();
  return new Promise<T>((resolve, reject) => {
    const leave = (): void => {
      reject(signal.reason);
      if (!flight.leave()) return;
      flights.becomeLate(flight);
      flight.abandon(new CacheError("ABANDONED", "Nobody waits for this load any longer."));
    };
    signal.addEventListener("abort", leave, { once: true });
    void answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
