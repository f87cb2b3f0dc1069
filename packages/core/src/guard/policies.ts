import type { AttemptContext, Operation, Policy } from "../contracts/policy.ts";
import type { RemoteCall } from "../contracts/remote-call.ts";

/** Runs attempts under policies, the first outermost. */
export type UnderPolicies = <T>(
  attempt: (context: AttemptContext) => PromiseLike<T> | T,
  signal: AbortSignal,
  operation: Operation,
) => Promise<T>;

/** Makes one call of a guarded tier. */
export type Guarded = <T, C extends RemoteCall>(
  kind: Operation["kind"],
  keys: number,
  asked: { readonly call: C; readonly run: (call: C) => Promise<T> },
) => Promise<T>;

/** Puts policies around one another. */
export function underPolicies(policies: readonly Policy[]): UnderPolicies {
  return <T>(
    attempt: (context: AttemptContext) => PromiseLike<T> | T,
    signal: AbortSignal,
    operation: Operation,
  ): Promise<T> => {
    const [outermost, ...inner] = policies;
    if (outermost === undefined) return (async () => attempt({ signal }))();
    const next = underPolicies(inner);
    // A policy that was given no signal by the one around it would have none to hand on.
    return outermost.execute((context) => next(attempt, context?.signal ?? signal, operation), signal, operation);
  };
}
