import type { Ms } from "../contracts/clock.ts";
import type { Commit } from "../contracts/fence.ts";
import type { RemoteCall, RemoteChange, RemoteWrite } from "../contracts/remote-call.ts";
import type { LazySignal } from "../lazy-signal.ts";

/*
 * What a tier is given besides the subject of a call. The signal is handed on by a getter, as it is made on first use.
 */

/** For a call that changes nothing. */
export function calling(call: LazySignal): RemoteCall {
  return {
    get signal() {
      return call.signal;
    },
  };
}

/** For a call that takes something away. */
export function announcing(call: LazySignal, announce: string | undefined): RemoteChange {
  return {
    announce,
    get signal() {
      return call.signal;
    },
  };
}

/** For a call that stores something. */
export function writing(call: LazySignal, ttlMs: Ms, announce?: string): RemoteWrite {
  return {
    ttlMs,
    announce,
    get signal() {
      return call.signal;
    },
  };
}

/** For a call that stores something in the place of what is named. */
export function committing(call: LazySignal, { ttlMs, announce, expected, frame }: Omit<Commit, "signal">): Commit {
  return {
    ttlMs,
    announce,
    expected,
    frame,
    get signal() {
      return call.signal;
    },
  };
}
