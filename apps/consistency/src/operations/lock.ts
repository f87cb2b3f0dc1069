import { setTimeout as pause } from "node:timers/promises";
import type { HeldLock } from "@tiercache/core";
import { monotonicMs } from "../monotonic.ts";
import { errorName } from "./error-name.ts";
import type { Operation, OperationPlace } from "./operation.ts";

const LOCKS = 4;
const WAIT_MS = 400;
const STEP_MS = 5;
const SHORT_MS = 150;
const LONG_MS = 1_500;
const LONG_SHARE = 0.1;

/** How long a lock outlives its holder. */
export const LEASE_MS = 600;

/** What is known of work under a lock while it goes on. */
interface Work {
  token: number;
  grantedAt: number;
  heldUntil: number;
  endedAt: number;
  toldAt: number | undefined;
}

/** Does some work under a lock, in steps, each of which asks whether the lock is still held. Those that wait in vain are not recorded. */
export const lock: Operation = {
  name: "lock",
  weight: 1,
  keys: ({ random }) => [`lock-${random.below(LOCKS)}`],
  async run(place, [key = ""]) {
    const from = monotonicMs();
    const work: Work = { token: 0, grantedAt: 0, heldUntil: 0, endedAt: 0, toldAt: undefined };
    const { cache } = place.caches;
    let status = "done";
    try {
      await cache.withLock(key, { leaseMs: LEASE_MS, waitMs: WAIT_MS }, (held) => done(held, work, place));
    } catch (error) {
      status = errorName(error);
      if (!status.startsWith("LOCK_")) place.recorder.addNow({ kind: "problem", what: `withLock: ${String(error)}` });
    }
    if (work.grantedAt > 0) place.recorder.add({ kind: "lock", key, from, to: monotonicMs(), status, ...work });
  },
};

async function done(held: HeldLock, work: Work, { random }: OperationPlace): Promise<void> {
  work.token = held.token;
  work.grantedAt = monotonicMs();
  work.heldUntil = work.grantedAt;
  held.signal.addEventListener("abort", () => {
    work.toldAt = monotonicMs();
  });
  const lastsMs = random.chance(LONG_SHARE) ? random.between(LEASE_MS, LONG_MS) : random.between(0, SHORT_MS);
  const ask = (): void => {
    // Taken before it is asked: the process may stand still in between.
    const now = monotonicMs();
    if (held.isHeld) work.heldUntil = now;
  };
  for (const endAt = work.grantedAt + lastsMs; monotonicMs() < endAt; await pause(STEP_MS)) ask();
  // Who has stood still to the end of his work asks too: that is when he must not believe to hold it.
  ask();
  work.endedAt = monotonicMs();
}
