import type { RemoteOperation } from "@tiercache/core";

/** A call to a remote tier, to its fence, its locks or its bus, as {@link chaos} names it. */
export type ChaosOperation = RemoteOperation | "outdate" | "bury" | "raise" | "publish" | "echo";

/** All of them. */
export const CHAOS_OPERATIONS: readonly ChaosOperation[] = [
  "read",
  "write",
  "renew",
  "remove",
  "scan",
  "close",
  "acquire",
  "commit",
  "release",
  "wait",
  "outdate",
  "bury",
  "raise",
  "lock",
  "prolong",
  "unlock",
  "publish",
  "echo",
];

/** A call that was made. */
export interface ChaosCall {
  readonly operation: ChaosOperation;
  /** The keys of the call, in their order, or what they begin with for a `scan`; none for a `close`, a `publish` and an `echo`. */
  readonly keys: readonly string[];
  /** What is announced with it or published, or the nonce of an echo. */
  readonly text?: string | undefined;
}
