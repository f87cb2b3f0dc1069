import type { RemoteTier } from "../contracts/tier.ts";
import type { RemoteLinkParts } from "./remote-link-parts.ts";
import { removed } from "./removal-call.ts";
import { Removals } from "./removals.ts";
import type { TierCalls } from "./tier-calls.ts";

/** The removals of a tier, told by its calls while these are made. */
export function removalsOf(tier: RemoteTier, calls: TierCalls, parts: RemoteLinkParts): Removals {
  const { clock, idleClock, observer, collapse } = parts;
  const removals = new Removals({
    clock: idleClock,
    shards: tier.shards,
    isAsked: () => calls.areMade,
    attempt: async (removal, isProbe) => {
      const end = await calls.end("remove", (call) => removed(tier, removal, { call, clock }), isProbe);
      if ("answer" in end) return "done";
      return end.ofShard === true ? "shard-away" : "failed";
    },
    collapse: (namespaces) => {
      for (const namespace of namespaces) observer?.on({ type: "collapsed", namespace, tier: tier.name });
      collapse(namespaces);
    },
  });
  tier.onLoss?.(() => removals.repeat());
  return removals;
}
