import type { Bus } from "../contracts/bus.ts";
import type { Fence } from "../contracts/fence.ts";
import type { Lock } from "../contracts/lock.ts";
import type { Scan } from "../contracts/scan.ts";
import type { Guarded } from "./policies.ts";

/** A fence with policies around each call. */
export function guardedFence(fence: Fence, guarded: Guarded): Fence {
  const { outdate, bury, raise } = fence;
  return {
    acquire: (leases, call) => guarded("acquire", leases.length, { call, run: (own) => fence.acquire(leases, own) }),
    commit: (key, commit) => guarded("commit", 1, { call: commit, run: (own) => fence.commit(key, own) }),
    release: (key, release) => guarded("release", 1, { call: release, run: (own) => fence.release(key, own) }),
    wait: (key, expected, call) => guarded("wait", 1, { call, run: (own) => fence.wait(key, expected, own) }),
    ...(outdate && {
      outdate: (values, call) =>
        guarded("remove", values.length, { call, run: (own) => outdate.call(fence, values, own) }),
    }),
    ...(bury && {
      bury: (tombstones, call) =>
        guarded("remove", tombstones.length, { call, run: (own) => bury.call(fence, tombstones, own) }),
    }),
    ...(raise && {
      raise: (frames, call) => guarded("write", frames.length, { call, run: (own) => raise.call(fence, frames, own) }),
    }),
  };
}

/** A look through keys with policies around each step. */
export function guardedScan(scan: Scan, guarded: Guarded): Scan {
  return { step: (prefix, call) => guarded("scan", 0, { call, run: (own) => scan.step(prefix, own) }) };
}

/** Locks with policies around each call. */
export function guardedLock(lock: Lock, guarded: Guarded): Lock {
  return {
    acquire: (key, call) => guarded("lock", 1, { call, run: (own) => lock.acquire(key, own) }),
    prolong: (key, call) => guarded("prolong", 1, { call, run: (own) => lock.prolong(key, own) }),
    release: (key, release) => guarded("unlock", 1, { call: release, run: (own) => lock.release(key, own) }),
  };
}

/** A bus with policies around what it sends. What it hears is not asked for, and comes as it comes. */
export function guardedBus(bus: Bus, guarded: Guarded): Bus {
  const sent = (kind: "publish" | "echo", run: () => Promise<void>): Promise<void> =>
    guarded(kind, 0, { call: { signal: NEVER }, run });
  return {
    listen: (channel, listener) => bus.listen(channel, listener),
    publish: (text) => sent("publish", () => bus.publish(text)),
    echo: (nonce) => sent("echo", () => bus.echo(nonce)),
    close: () => bus.close(),
  };
}

/** What a bus sends is given up by nobody. */
const NEVER: AbortSignal = new AbortController().signal;
