import type { RemoteOperation } from "./observer.ts";

/**
 * A piece of work that takes time, and may be traced:
 *
 * - `flight`: the way of one or more reads from the tiers to the loader and back. `flights` numbers them, as in the event
 *   `joined`; `keys` tells the keys' ids, where somebody has good reason to ask.
 * - `load`: a call of a loader for so many keys, on behalf of a flight.
 * - `remote`: a call to a remote tier. Reads of one tick travel in one call, on behalf of the first of them.
 */
export type Work =
  | {
      readonly kind: "flight";
      readonly namespace: string;
      readonly flights: readonly number[];
      keys(): readonly string[];
    }
  | { readonly kind: "load"; readonly namespace: string; readonly keys: number }
  | { readonly kind: "remote"; readonly tier: string; readonly operation: RemoteOperation };
