import type { TrafficState } from "../load/traffic.ts";
import type { FeedEvent } from "./feed-event.ts";
import type { InstanceState } from "./instance-state.ts";
import type { Progress } from "./progress-board.ts";
import type { RedisState } from "./redis-switch.ts";

/** Everything the page shows, at one moment. */
export interface LiveState {
  readonly atEpochMs: number;
  /** The one that serves the page first; absent while it is not ready yet, or does not answer. */
  readonly instances: readonly InstanceState[];
  /** Others that are known and do not answer, by address. */
  readonly away: readonly string[];
  readonly traffic: TrafficState;
  readonly redis: RedisState;
  /** For people: what the Redis is. */
  readonly remote: string | null;
  readonly works: readonly Progress[];
  /** What can be asked for here, by name. */
  readonly actions: readonly string[];
  /** Whether there is a report to be read at `/report`. */
  readonly hasReport: boolean;
}

/** What the page is told, every second. */
export interface LiveMessage {
  readonly state: LiveState;
  readonly events: readonly FeedEvent[];
}
