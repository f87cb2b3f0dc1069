import type { Claim } from "./claim.ts";
import type { DayReport } from "./day-run.ts";
import type { ScenarioReport } from "./measurement.ts";
import type { MemoryReport } from "./memory.ts";

/** Everything the report says. */
export interface Report {
  readonly seed: number;
  /** Of Zipf's law, in the scenarios. */
  readonly zipfExponent: number;
  /** Service instances in front of one remote tier. */
  readonly instances: number;
  /** What the remote tier was; `null` where there was none to be had. */
  readonly remoteTier: string | null;
  readonly scenarios: readonly ScenarioReport[];
  /** A day of all namespaces together, with the law of the scenarios and with others. */
  readonly days: readonly DayReport[];
  /** What the first day left in the remote tier; `null` where there was none. */
  readonly memory: MemoryReport | null;
  /** The users' own numbers beside what was measured. */
  readonly claims: readonly Claim[];
}
