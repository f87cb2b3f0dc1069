import type { Shards } from "@tiercache/core";
import type { ClusterMap } from "./cluster-map.ts";
import { addressText } from "./cluster-topology.ts";

/** The nodes that own slots, as shards. A key whose slot nobody is known to own lies on none of them. */
export function clusterShards(map: ClusterMap, slotOf: (key: string) => number): Shards {
  return {
    of(key) {
      const owner = map.ownerOf(slotOf(key));
      return owner === undefined ? "" : addressText(owner.address);
    },
    get isAnyThere() {
      return map.masters.some(({ isAnswering }) => isAnswering);
    },
    get isAnyAway() {
      return map.masters.some(({ isAnswering }) => !isAnswering);
    },
  };
}
