import type { Random } from "../random.ts";
import type { Fault } from "./fault.ts";

/** A fault and its time, from the beginning of the run. */
export interface ScheduledFault {
  readonly fault: Fault;
  readonly atMs: number;
  readonly lastsMs: number;
  /** Draws for what it is done to. */
  readonly seed: number;
}

const FIRST_AT_MS = 1_000;
const SHORTEST_GAP_MS = 600;
const LONGEST_GAP_MS = 1_500;

/**
 * What goes wrong in a run, the same for the same chance: one after the other in each lane, each kind once before any comes
 * again, and nothing that would go on after the end.
 */
export function faultScript(faults: readonly Fault[], lastsMs: number, random: Random): readonly ScheduledFault[] {
  return (["server", "clients"] as const).flatMap((lane) => {
    const kinds = faults.filter((fault) => fault.lane === lane);
    return kinds.length === 0 ? [] : laneOf(kinds, lastsMs, random);
  });
}

function laneOf(kinds: readonly Fault[], endMs: number, random: Random): readonly ScheduledFault[] {
  const script: ScheduledFault[] = [];
  let left: Fault[] = [];
  for (let atMs = FIRST_AT_MS; ; atMs += random.between(SHORTEST_GAP_MS, LONGEST_GAP_MS)) {
    if (left.length === 0) left = random.shuffled(kinds);
    const fault = left.pop() as Fault;
    const lastsMs = random.between(...fault.lastsMs);
    if (atMs + lastsMs > endMs) return script;
    script.push({ fault, atMs, lastsMs, seed: random.below(2 ** 31) + 1 });
    atMs += lastsMs;
  }
}
