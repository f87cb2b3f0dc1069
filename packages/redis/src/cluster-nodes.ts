import { ClusterNode } from "./cluster-node.ts";
import { addressText, type NodeAddress } from "./cluster-topology.ts";
import { CommandGate } from "./command-gate.ts";
import type { Connection } from "./connection.ts";
import { Refusals } from "./refusals.ts";

/** What nodes are made with, and who hears of them. */
export interface ClusterNodesParts {
  /** Makes a connection to a node, which is not awaited. */
  readonly connect: (address: NodeAddress) => Connection;
  /** A node has been restarted, or another one is at its address. */
  readonly onLoss: () => void;
  /** A node can be reached again. */
  readonly onOpen: () => void;
  /** The connection to a node has broken. */
  readonly onBreak: () => void;
}

/** How long a node is kept that owns no slot: it may be about to get its first. */
const GUEST_MS = 30_000;

/** The nodes that a process has a connection to, one each. */
export class ClusterNodes {
  readonly #parts: ClusterNodesParts;
  readonly #nodes = new Map<string, ClusterNode>();
  readonly #refusals = new Refusals();
  #isIdle = false;
  readonly #closing = new Set<Promise<void>>();
  /** When each node that owns no slot was last of use. */
  readonly #guests = new Map<string, number>();

  constructor(parts: ClusterNodesParts) {
    this.#parts = parts;
  }

  get all(): readonly ClusterNode[] {
    return [...this.#nodes.values()];
  }

  /** The node at an address; connected to if it is not yet. */
  at(address: NodeAddress): ClusterNode {
    const text = addressText(address);
    const known = this.#nodes.get(text);
    if (known !== undefined) return known;
    const connection = this.#parts.connect(address);
    const node = new ClusterNode(address, new CommandGate(connection, this.#refusals));
    node.gate.onLoss(this.#parts.onLoss);
    node.gate.onOpen(this.#parts.onOpen);
    if (this.#isIdle) node.gate.unref();
    node.client.on("close", this.#parts.onBreak);
    this.#nodes.set(text, node);
    // So that it is known at once whether it is there, and who it is.
    void connection.attempted();
    return node;
  }

  /** The node at an address that may own no slot, but is of use. */
  guest(address: NodeAddress): ClusterNode {
    this.#guests.set(addressText(address), performance.now());
    return this.at(address);
  }

  /** Ends the connections to all nodes but those at these addresses, and guests of late. */
  keepOnly(addresses: ReadonlyMap<string, NodeAddress>): void {
    const since = performance.now() - GUEST_MS;
    for (const [text, at] of this.#guests) if (at < since) this.#guests.delete(text);
    for (const [text, node] of this.#nodes) {
      if (!addresses.has(text) && !this.#guests.has(text)) this.#end(text, node);
    }
  }

  /** Has no connection keep the process alive by itself, now or later. */
  unref(): void {
    this.#isIdle = true;
    for (const { gate } of this.#nodes.values()) gate.unref();
  }

  /** Ends all connections, in bounded time. Never rejects. */
  async close(): Promise<void> {
    for (const [text, node] of this.#nodes) this.#end(text, node);
    await Promise.all(this.#closing);
  }

  #end(text: string, node: ClusterNode): void {
    this.#nodes.delete(text);
    node.client.off("close", this.#parts.onBreak);
    const closing = node.gate.close();
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}
