import { type CacheError, type EpochMs, type Ms, type RemoteCall, type Shards, systemClock } from "@tiercache/core";
import type { Redis } from "ioredis";
import { askingClient } from "./asking-client.ts";
import { ClusterMap } from "./cluster-map.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { ClusterNodes } from "./cluster-nodes.ts";
import { clusterShards } from "./cluster-shards.ts";
import type { AddressMap, NodeAddress } from "./cluster-topology.ts";
import type { CommandRoute, KeyServer } from "./command-route.ts";
import type { Connection } from "./connection.ts";
import { failureOf, isTrouble } from "./failure.ts";
import { keySlot } from "./key-slot.ts";
import { type Redirection, redirectionIn } from "./redirection.ts";

/** What a way into a cluster is made of. */
export interface ClusterRouteParts {
  /** Nodes to begin with. */
  readonly seeds: readonly NodeAddress[];
  /** Makes a connection to a node. */
  readonly connect: (address: NodeAddress) => Connection;
  readonly addressOf: AddressMap;
  /** What the connections put in front of each key. */
  readonly keyPrefix: string;
}

/** How often a command may be sent on. Each time no server has carried it out. */
const MAX_REDIRECTIONS = 5;

/** How a command has ended on one node. */
type NodeEnd<T> = { readonly answer: T } | { readonly redirection: Redirection };

/**
 * The way to the nodes of a cluster, each by a connection of its own. It follows slots to other nodes by itself instead of
 * having a client do so: every node is asked who it is before it is sent anything, and a failover is known before
 * anything of the new master is read.
 */
export class ClusterRoute implements CommandRoute {
  readonly hasOneServer = false;
  readonly sendsAtOnce = false;
  /** The nodes that own slots. */
  readonly shards: Shards;
  readonly #parts: ClusterRouteParts;
  readonly #nodes: ClusterNodes;
  readonly #map: ClusterMap;
  readonly #onLoss: (() => void)[] = [];
  readonly #onReady: (() => void)[] = [];
  /** How often something was lost. What was given before that is not sent any more. */
  #losses = 0;
  /** The slots of which commands are being sent on, each with the last of them: what comes later goes behind. */
  readonly #redirected = new Map<number, Promise<void>>();
  #offsetMs: Ms | undefined;

  constructor(parts: ClusterRouteParts) {
    this.#parts = parts;
    const onLoss = (): void => this.#tellLoss();
    this.#nodes = new ClusterNodes({
      connect: parts.connect,
      onLoss,
      onOpen: () => this.#tellReady(),
      onBreak: () => this.#map.distrust(),
    });
    const { seeds, addressOf } = parts;
    this.#map = new ClusterMap({ nodes: this.#nodes, seeds, addressOf, onFailover: onLoss });
    this.shards = clusterShards(this.#map, (key) => this.#slotOf(key));
    void this.#map.learn();
  }

  /** The masters that own slots, as far as is known. */
  get masters(): readonly ClusterNode[] {
    return this.#map.masters;
  }

  /** Learns anew who owns what if that was learned longer ago. */
  keepFresh(maxAgeMs: Ms): void {
    this.#map.keepFresh(maxAgeMs);
  }

  /**
   * The time of the node that owns the first slot: all processes must go by the same one. While it is away its time goes on
   * by this process's clock; as long as it is unknown another node's stands in.
   */
  now(): EpochMs | undefined {
    const [clock, ...others] = this.masters.map(({ gate }) => gate.now());
    if (clock !== undefined) this.#offsetMs = clock - systemClock.now();
    return this.#offsetMs === undefined
      ? others.find((time) => time !== undefined)
      : systemClock.now() + this.#offsetMs;
  }

  async learnTime(): Promise<void> {
    const [clock, ...others] = this.masters.map(({ gate }) => gate);
    await clock?.learnTime().catch(() => Promise.any(others.map((gate) => gate.learnTime())));
  }

  /** Keys of one slot. */
  groupsOf(keys: readonly string[]): readonly (readonly number[])[] {
    const groups = new Map<number, number[]>();
    for (const [place, key] of keys.entries()) {
      const slot = this.#slotOf(key);
      const group = groups.get(slot);
      if (group === undefined) groups.set(slot, [place]);
      else group.push(place);
    }
    return [...groups.values()];
  }

  run<T>(key: string, command: (client: Redis) => Promise<T>, call?: RemoteCall): Promise<T> {
    const slot = this.#slotOf(key);
    const owner = this.#map.ownerOf(slot);
    this.masters[0]?.gate.keepTimeFresh();
    const given: Given<T> = { command, call, losses: this.#losses };
    if (owner === undefined || this.#redirected.has(slot)) return this.#runLater(slot, given);
    return this.#follow(slot, this.#sent(owner, given), given);
  }

  get servers(): readonly KeyServer[] {
    return this.masters;
  }

  onLoss(listener: () => void): void {
    this.#onLoss.push(listener);
  }

  onReady(listener: () => void): void {
    this.#onReady.push(listener);
  }

  unref(): void {
    this.#nodes.unref();
  }

  async close(): Promise<void> {
    this.#map.close();
    await this.#nodes.close();
  }

  #slotOf(key: string): number {
    return keySlot(this.#parts.keyPrefix + key);
  }

  /** Waits until it is known who owns the slot, and behind what is being sent on. */
  async #runLater<T>(slot: number, given: Given<T>): Promise<T> {
    while (this.#redirected.has(slot)) await this.#redirected.get(slot);
    if (this.#map.ownerOf(slot) === undefined) {
      if (this.#map.hasTried) this.#map.distrust();
      else await this.#map.learn();
    }
    const owner = this.#map.ownerOf(slot);
    if (owner === undefined) throw notConnected();
    unlessGivenUp(given);
    return this.#follow(slot, this.#sent(owner, given), given);
  }

  async #sent<T>(node: ClusterNode, { command, call, losses }: Given<T>, asking = false): Promise<NodeEnd<T>> {
    // It was given by somebody who did not know of the loss, and would read what is to be removed first.
    if (losses !== this.#losses) throw notConnected();
    try {
      return await node.run((client) => answered(command(asking ? askingClient(client) : client)), call);
    } catch (error) {
      if (isTrouble(error)) this.#map.distrust();
      throw error;
    }
  }

  async #follow<T>(slot: number, sent: Promise<NodeEnd<T>>, given: Given<T>): Promise<T> {
    let end = await sent;
    for (let hops = 0; "redirection" in end; hops++) {
      if (hops === MAX_REDIRECTIONS) throw failureOf(Object.assign(new Error(), { code: end.redirection.kind }));
      const { redirection } = end;
      end = await this.#inOrder(slot, async () => {
        const node = await this.#targetOf(slot, redirection);
        unlessGivenUp(given);
        return { ended: this.#sent(node, given, redirection.kind === "ASK") };
      });
    }
    return end.answer;
  }

  /** Sends something on behind what is being sent on already for a slot, and before all that comes later. */
  async #inOrder<T>(slot: number, send: () => Promise<{ readonly ended: Promise<T> }>): Promise<T> {
    const ahead = this.#redirected.get(slot);
    const behind = (ahead ?? Promise.resolve()).then(send);
    const settled = behind.then(
      () => {},
      () => {},
    );
    this.#redirected.set(slot, settled);
    void settled.then(() => {
      if (this.#redirected.get(slot) === settled) this.#redirected.delete(slot);
    });
    return (await behind).ended;
  }

  async #targetOf(slot: number, { kind, host, port }: Redirection): Promise<ClusterNode> {
    const here = this.#map.ownerOf(slot)?.address.host ?? host;
    const address = this.#parts.addressOf({ host: host === "" ? here : host, port });
    if (kind === "ASK") return this.#nodes.guest(address);
    // Who takes the slot over knows it first.
    await this.#map.learn(address);
    return this.#map.ownerOf(slot) ?? this.#nodes.at(address);
  }

  /** As long as it is not known who owns what, no node is of use. */
  #tellReady(): void {
    if (this.masters.length > 0) for (const listener of this.#onReady) listener();
  }

  #tellLoss(): void {
    this.#losses++;
    for (const listener of this.#onLoss) listener();
  }
}

/** A command as it was given. */
interface Given<T> {
  readonly command: (client: Redis) => Promise<T>;
  readonly call: RemoteCall | undefined;
  /** How often something had been lost by then. */
  readonly losses: number;
}

/** @throws The signal's reason: what nobody waits for any longer is not sent. */
function unlessGivenUp<T>({ call }: Given<T>): void {
  call?.signal.throwIfAborted();
}

async function answered<T>(answer: Promise<T>): Promise<NodeEnd<T>> {
  try {
    return { answer: await answer };
  } catch (error) {
    const redirection = redirectionIn(error);
    if (redirection === undefined) throw error;
    return { redirection };
  }
}

function notConnected(): CacheError {
  return failureOf(new Error("Connection is closed."));
}
