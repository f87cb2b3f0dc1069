import type { ClusterNode } from "./cluster-node.ts";
import type { ClusterNodes } from "./cluster-nodes.ts";
import { type AddressMap, type ClusterTopology, type NodeAddress, topologyIn } from "./cluster-topology.ts";

/** What a map is drawn by. */
export interface ClusterMapParts {
  readonly nodes: ClusterNodes;
  /** Where to ask as long as no node is known, and when no known one answers. */
  readonly seeds: readonly NodeAddress[];
  readonly addressOf: AddressMap;
  /** Slots have gone to other masters without all that the earlier ones had acknowledged. Called before those are sent anything. */
  readonly onFailover: () => void;
}

/** How long one node may be asked before the next is asked as well. */
const NEXT_AFTER_MS = 100;

const RETRY_BASE_MS = 50;
const RETRY_LONGEST_MS = 400;
const RETRY_JITTER_MS = 100;

/**
 * Knows which node owns which slot. Learned from the nodes themselves, and anew whenever one of them says otherwise, breaks
 * off or does not answer; then again and again until all owners can be reached.
 */
export class ClusterMap {
  readonly #parts: ClusterMapParts;
  #topology: ClusterTopology | undefined;
  #masters: readonly ClusterNode[] = [];
  #learnedAt = Number.NEGATIVE_INFINITY;
  #learning: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retries = 0;
  #isOpen = true;
  #hasTried = false;

  constructor(parts: ClusterMapParts) {
    this.#parts = parts;
  }

  /** Whether the first attempt to learn anything has ended. */
  get hasTried(): boolean {
    return this.#hasTried;
  }

  /** The masters that own slots, that of the first slot ahead of the others; none as long as nothing is known. */
  get masters(): readonly ClusterNode[] {
    return this.#masters;
  }

  /** The node that owns a slot, as far as is known. */
  ownerOf(slot: number): ClusterNode | undefined {
    const text = this.#topology?.ownerOf(slot);
    const address = text === undefined ? undefined : this.#topology?.masters.get(text);
    return address === undefined ? undefined : this.#parts.nodes.at(address);
  }

  /** Learns anew who owns what; who asks meanwhile waits for the same answer. Never rejects. */
  learn(first?: NodeAddress): Promise<void> {
    this.#learning ??= this.#learn(first).finally(() => {
      this.#learning = undefined;
      this.#hasTried = true;
      this.#learnAgainIfNeeded();
    });
    return this.#learning;
  }

  /** Learns anew behind the caller's back, if it was learned longer ago than this. */
  keepFresh(maxAgeMs: number): void {
    if (this.#isOpen && performance.now() - this.#learnedAt >= maxAgeMs) void this.learn();
  }

  /** Something is wrong with a node: perhaps another one has taken over, or is about to. */
  distrust(): void {
    if (this.#isOpen && this.#retry === undefined) this.#learnLater();
  }

  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#retry);
  }

  async #learn(first: NodeAddress | undefined): Promise<void> {
    const { nodes, seeds } = this.#parts;
    const known = nodes.all.toSorted(() => Math.random() - 0.5);
    const asked = [...(first === undefined ? [] : [nodes.at(first)]), ...known];
    const learned = (await this.#firstAnswer(asked)) ?? (await this.#firstAnswer(seeds.map((seed) => nodes.at(seed))));
    if (learned !== undefined && this.#isOpen) this.#adopt(learned);
  }

  /** Asks one node after the other, without waiting long for any of them. */
  #firstAnswer(nodes: readonly ClusterNode[]): Promise<ClusterTopology | undefined> {
    const asked = [...new Set(nodes)].map(async (node, index) => {
      await waited(index * NEXT_AFTER_MS);
      const topology = topologyIn(await slotsOf(node), node.address, this.#parts.addressOf);
      if (topology === undefined) throw new Error("It knows of no slots.");
      return topology;
    });
    return Promise.any(asked).catch(() => undefined);
  }

  #adopt(learned: ClusterTopology): void {
    const earlier = this.#topology;
    const { nodes, onFailover } = this.#parts;
    this.#topology = learned.rememberingOf(earlier);
    this.#learnedAt = performance.now();
    nodes.keepOnly(learned.masters);
    this.#masters = [...learned.masters.values()].map((address) => nodes.at(address));
    if (earlier !== undefined && learned.hasFailedOver(earlier)) onFailover();
  }

  #learnAgainIfNeeded(): void {
    const isWhole = this.#topology !== undefined && this.#masters.every(({ gate }) => gate.isConnected);
    if (isWhole) this.#retries = 0;
    else this.distrust();
  }

  #learnLater(): void {
    const delayMs = Math.min(RETRY_BASE_MS * 2 ** this.#retries++, RETRY_LONGEST_MS);
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined;
        void this.learn();
      },
      delayMs + Math.random() * RETRY_JITTER_MS,
    ).unref();
  }
}

function slotsOf({ gate, client }: ClusterNode): Promise<unknown> {
  return gate.run(() => client.cluster("SLOTS"));
}

function waited(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
