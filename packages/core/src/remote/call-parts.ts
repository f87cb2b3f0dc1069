import type { Ms } from "../contracts/clock.ts";
import type { Commit } from "../contracts/fence.ts";
import type { RemoteCall, RemoteChange, RemoteWrite } from "../contracts/remote-call.ts";
import type { LazySignal } from "../lazy-signal.ts";

/*
 * What a tier is given besides the subject of a call. The signal is handed on by a getter, as it is made on first use: by one of a class,
 * as each object that is written down with a getter of its own gets a hidden class of its own.
 */

/** For a call that changes nothing. */
export function calling(call: LazySignal): RemoteCall {
  return new Call(call);
}

/** For a call that takes something away. */
export function announcing(call: LazySignal, announce: string | undefined): RemoteChange {
  return new Change(call, announce);
}

/** For a call that stores something. */
export function writing(call: LazySignal, ttlMs: Ms, announce?: string): RemoteWrite {
  return new Write(call, ttlMs, announce);
}

/** For a call that stores something in the place of what is named. */
export function committing(call: LazySignal, commit: Omit<Commit, "signal">): Commit {
  return new FencedWrite(call, commit);
}

class Call implements RemoteCall {
  readonly #call: LazySignal;

  constructor(call: LazySignal) {
    this.#call = call;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }
}

class Change extends Call implements RemoteChange {
  readonly announce: string | undefined;

  constructor(call: LazySignal, announce: string | undefined) {
    super(call);
    this.announce = announce;
  }
}

class Write extends Change implements RemoteWrite {
  readonly ttlMs: Ms;

  constructor(call: LazySignal, ttlMs: Ms, announce: string | undefined) {
    super(call, announce);
    this.ttlMs = ttlMs;
  }
}

class FencedWrite extends Write implements Commit {
  readonly expected: Uint8Array;
  readonly frame: Uint8Array;

  constructor(call: LazySignal, { ttlMs, announce, expected, frame }: Omit<Commit, "signal">) {
    super(call, ttlMs, announce);
    this.expected = expected;
    this.frame = frame;
  }
}
