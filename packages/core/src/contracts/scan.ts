import type { RemoteCall } from "./remote-call.ts";

/** What is given to a tier that is to look through its keys. */
export interface ScanCall extends RemoteCall {
  /** Where the step before has ended; `undefined` for the first one. */
  readonly cursor: string | undefined;
}

/** What a step has come upon. */
export interface ScanStep {
  /** Keys that begin as was asked, in any order; one may come twice, and there may be none. */
  readonly keys: readonly string[];
  /** Where to go on; `undefined` where everything has been looked through. */
  readonly cursor: string | undefined;
}

/**
 * The ability of a remote tier to find keys by their beginning, in steps that hold up nobody else: each looks at a bounded number of
 * keys, however many there are.
 *
 * A key that is there from before the first step to after the last one is in one of them. Of what comes or goes meanwhile nothing is
 * promised. Where that could not be kept, as keys have moved between servers, a step rejects.
 */
export interface Scan {
  /**
   * Makes one step.
   *
   * @param prefix - What the keys begin with, sign by sign: nothing in it has a meaning of its own.
   */
  step(prefix: string, call: ScanCall): Promise<ScanStep>;
}
