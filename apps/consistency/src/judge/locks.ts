import type { FaultEvent, LockEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { Invariant, Violation } from "./invariant.ts";

/** How late a busy machine may be with a timer. */
const TIMERS_MS = 500;

/** Two holders of one lock. */
interface Pair {
  readonly first: LockEvent;
  readonly second: LockEvent;
}

/** Also across a server that has lost its data: its clock goes on. */
export const lockTokens: Invariant = {
  id: "L1",
  says: "the tokens of a lock never go backwards, and none is given out twice",
  judge: (history) =>
    pairsOf(history, ({ first, second }) => first.token === second.token || isBackwards(first, second)).map((pair) =>
      violation(pair, `token ${pair.second.token} after ${pair.first.token}`),
    ),
};

/** What cannot be kept by a server that has lost its data is for the tokens to keep. */
export const lockExclusion: Invariant = {
  id: "L2",
  says: "no two processes hold a lock at a time while the server keeps its data",
  judge: (history) => {
    const losses = history.of("fault").filter(({ fault }) => fault.startsWith("restart-"));
    return pairsOf(history, overlap)
      .filter(({ first, second }) => !losses.some(({ from, to }) => from < second.to && to > first.from))
      .map((pair) => violation(pair, "both held it"));
  },
};

export const lockLoss: Invariant = {
  id: "L3",
  says: "who has lost a lock is told, and his work does not count as done alone",
  judge: (history) => {
    const pauses = history.of("fault").filter(({ fault }) => fault === "pause-worker");
    return pairsOf(
      history,
      ({ first, second }) => second.heldUntil > second.grantedAt && second.grantedAt < first.endedAt,
    )
      .filter(
        ({ first, second }) => first.status === "done" || isToldLate(first, second.grantedAt, { history, pauses }),
      )
      .map((pair) => violation(pair, `the first ended as ${pair.first.status} and was told at ${pair.first.toldAt}`));
  },
};

/** The grants of each lock, two at a time, in the order in which their work began. */
function pairsOf(history: History, isOfInterest: (pair: Pair) => boolean): readonly Pair[] {
  return [...Map.groupBy(history.of("lock"), ({ key }) => key).values()].flatMap((grants) => {
    const ordered = [...grants].sort((one, other) => one.grantedAt - other.grantedAt);
    return ordered.flatMap((first, index) =>
      ordered
        .slice(index + 1)
        .map((second) => ({ first, second }))
        .filter(isOfInterest),
    );
  });
}

/** Of those that were asked for when the other one had been granted already. */
function isBackwards(first: LockEvent, second: LockEvent): boolean {
  return second.from > first.grantedAt && second.token < first.token;
}

function overlap({ first, second }: Pair): boolean {
  return second.heldUntil > second.grantedAt && second.grantedAt < first.heldUntil;
}

function isToldLate(
  { process, endedAt, toldAt = Number.POSITIVE_INFINITY }: LockEvent,
  lostAt: number,
  { history, pauses }: { readonly history: History; readonly pauses: readonly FaultEvent[] },
): boolean {
  const stoodStill = pauses.filter(({ target, to }) => target === process && to > lostAt);
  const tellBy =
    lostAt + history.bounds.leaseMs + TIMERS_MS + stoodStill.reduce((sum, { from, to }) => sum + to - from, 0);
  return endedAt > tellBy && toldAt > tellBy;
}

function violation({ first, second }: Pair, what: string): Violation {
  return {
    at: second.to,
    what: `${first.key} of ${first.process} and ${second.process}: ${what}`,
    because: [first, second],
  };
}
