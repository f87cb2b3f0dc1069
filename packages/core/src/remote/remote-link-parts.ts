import type { Breaker } from "../contracts/breaker.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Observer } from "../contracts/observer.ts";
import type { Around } from "../observers/audience.ts";
import type { Deadline } from "./deadlines.ts";

/** What a link needs besides its tier. */
export interface RemoteLinkParts extends Deadline {
  readonly observer: Observer | undefined;
  /** Stands around the calls. */
  readonly around?: Around | undefined;
  /** For a tier that has none of its own. */
  readonly breaker: Breaker;
  /** For what goes on behind everybody's back. */
  readonly idleClock: Clock;
  /** Has all that some namespaces hold taken for gone: their keys are too many for this tier to be told of each. */
  readonly collapse: (namespaces: readonly string[]) => void;
}
