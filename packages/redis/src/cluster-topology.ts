/** Where a node is. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** A node's address as one text, by which nodes are told apart. */
export function addressText({ host, port }: NodeAddress): string {
  return `${host}:${port}`;
}

/** How an address that the cluster names is reached from here. */
export type AddressMap = (address: NodeAddress) => NodeAddress;

const SLOTS = 16_384;

/** Which master each slot of a cluster belongs to, as one of its nodes has told. */
export class ClusterTopology {
  /** The masters that own slots, by their addresses as texts; that of the first slot comes first. */
  readonly masters: ReadonlyMap<string, NodeAddress>;
  readonly #owners: readonly (string | undefined)[];

  constructor(masters: ReadonlyMap<string, NodeAddress>, owners: readonly (string | undefined)[]) {
    this.masters = masters;
    this.#owners = owners;
  }

  /** The address of a slot's owner as a text, or `undefined` where the slot has none. */
  ownerOf(slot: number): string | undefined {
    return this.#owners[slot];
  }

  /** This topology with what an earlier one knew of slots that nobody owns now. */
  rememberingOf(earlier: ClusterTopology | undefined): ClusterTopology {
    if (earlier === undefined || !this.#owners.includes(undefined)) return this;
    return new ClusterTopology(
      this.masters,
      this.#owners.map((owner, slot) => owner ?? earlier.ownerOf(slot)),
    );
  }

  /**
   * Whether a slot has gone to another master because its own is none any longer. What that had acknowledged last may be
   * lost: replicas follow later. A slot that an operator has moved from a master that stays one has lost nothing.
   */
  hasFailedOver(earlier: ClusterTopology): boolean {
    return this.#owners.some((owner, slot) => {
      const before = earlier.ownerOf(slot);
      return before !== undefined && owner !== undefined && before !== owner && !this.masters.has(before);
    });
  }
}

/**
 * Reads what `CLUSTER SLOTS` answers. `undefined` where nobody owns any slot, or for anything else.
 *
 * @param asked - The node that was asked: one that does not know its own address leaves it out.
 */
export function topologyIn(reply: unknown, asked: NodeAddress, map: AddressMap): ClusterTopology | undefined {
  if (!Array.isArray(reply)) return undefined;
  const masters = new Map<string, NodeAddress>();
  const owners = Array.from<string | undefined>({ length: SLOTS });
  const ranges = reply.filter(Array.isArray).toSorted((one, other) => Number(one[0]) - Number(other[0]));
  for (const [from, to, master] of ranges) {
    if (!Array.isArray(master)) continue;
    const address = map({ host: hostIn(master[0]) ?? asked.host, port: Number(master[1]) });
    const text = addressText(address);
    masters.set(text, address);
    owners.fill(text, Number(from), Number(to) + 1);
  }
  return masters.size === 0 ? undefined : new ClusterTopology(masters, owners);
}

/** Redis 7 says nothing, or a question mark, for a host that it does not know. */
function hostIn(host: unknown): string | undefined {
  return typeof host === "string" && host !== "" && host !== "?" ? host : undefined;
}
