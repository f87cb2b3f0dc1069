import type { Breaker } from "../contracts/breaker.ts";
import type { Policy } from "../contracts/policy.ts";
import type { RemoteTier } from "../contracts/tier.ts";
import { CacheError } from "../errors.ts";
import { invalidOption, objectWith } from "../option-rules.ts";
import { GuardedTier } from "./guarded-tier.ts";
import { underPolicies } from "./policies.ts";

/** A policy that is a breaker, of which the cache itself can ask whether a call would be refused. */
export interface BreakerPolicy extends Policy {
  readonly breaker: Breaker;
}

const policyRule = objectWith("a policy", "execute");
const tierRule = objectWith("a remote tier", "now", "readMany", "write", "remove", "close");

/**
 * Puts policies around each call that goes out to a remote tier: reads, writes, removals, those of its fence, and what its bus
 * sends. The first is outermost. The tier keeps all that it can do. The cache's own deadline is around all of them, and none of
 * them can make a reader wait longer.
 *
 * A breaker of `@tiercache/circuit-breaker` takes the place of the one that the cache would have made for the tier, and is asked
 * before anything else: while it is open no call is made, no policy is run and no timer started, and it closes only when the tier
 * was told all that it missed. Any other policy that stops calls is one like all others; its refusals are failures of the tier.
 *
 * @throws `INVALID_OPTION` for what is no tier or no policy, and for a second breaker.
 *
 * @example
 * ```ts
 * import { createCache, guard, type Policy } from "@tiercache/core";
 * import { redis } from "@tiercache/redis";
 *
 * const counted = { calls: 0 };
 * const counting: Policy = {
 *   async execute(attempt, signal = new AbortController().signal) {
 *     counted.calls++;
 *     return attempt({ signal });
 *   },
 * };
 * const cache = createCache({ tiers: [guard(redis({ url: "redis://localhost:6379" }), counting)] });
 * await cache.namespace("user", { load: (id) => ({ id }) }).get("7");
 * console.log(counted.calls > 0); // true
 * await cache.close();
 * ```
 */
export function guard(tier: RemoteTier, ...policies: readonly Policy[]): RemoteTier {
  if (!tierRule.accepts(tier)) throw invalidOption("The first argument of guard", tier, tierRule);
  checkPolicies("guard", policies);
  const breakers = policies.filter(isBreaker).map(({ breaker }) => breaker);
  const [breaker = tier.breaker, ...others] = breakers;
  if (others.length > 0 || (breaker !== tier.breaker && tier.breaker !== undefined)) {
    throw new CacheError("INVALID_OPTION", `guard was given a second breaker for the tier "${tier.name}"; it has one.`);
  }
  const rest = policies.filter((policy) => !isBreaker(policy));
  return new GuardedTier(tier, rest.length === 0 ? undefined : underPolicies(rest), breaker);
}

/** @throws `INVALID_OPTION`. */
export function checkPolicies(owner: string, policies: readonly unknown[]): void {
  const wrong = policies.findIndex((policy) => !policyRule.accepts(policy));
  if (wrong >= 0) throw invalidOption(`Policy ${wrong + 1} of ${owner}`, policies[wrong], policyRule);
}

function isBreaker(policy: Policy): policy is BreakerPolicy {
  return objectWith("a breaker", "begin", "probe", "probed", "onChange").accepts((policy as BreakerPolicy).breaker);
}
