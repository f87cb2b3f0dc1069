import { awaitUntil } from "./await-until.ts";
import { type ClusterNodeLine, nodeLines } from "./cluster-node-line.ts";
import type { Link } from "./link.ts";
import { LinkProxy } from "./link-proxy.ts";
import type { RedisKind } from "./redis-binary.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";
import { SlotMove } from "./slot-move.ts";
import { ask, asked } from "./wire.ts";

/** How to start a cluster. */
export interface StartClusterOptions {
  /** How many replicas each of the three masters has; `@defaultValue` 1 */
  readonly replicas?: number;
  /** After how long a silent node counts as failed; `@defaultValue` 1_000 */
  readonly nodeTimeoutMs?: number;
  /** Further arguments of every server. */
  readonly args?: readonly string[];
  readonly kind?: RedisKind;
  /** Whether nodes talk to each other through proxies, by which a test cuts them off; `@defaultValue` false */
  readonly proxied?: boolean;
}

const SLOTS = 16_384;
const MASTERS = 3;

/** Where the other nodes of a cluster find a node, above where clients do. */
const BUS_PORT_OFFSET = 10_000;

/** A node that takes longer than this to answer is taken for one that does not run. */
const RUNS_WITHIN_MS = 500;

/** A cluster of one's own: three masters with their replicas, each a private server. It ends with this process. */
export class RedisCluster implements AsyncDisposable {
  /** All of them; the first three began as masters. */
  readonly nodes: readonly RedisServer[];
  /** By node, what the others reach it through, if that was asked for. */
  readonly #proxies: ReadonlyMap<RedisServer, LinkProxy>;

  constructor(nodes: readonly RedisServer[], proxies: ReadonlyMap<RedisServer, LinkProxy> = new Map()) {
    this.nodes = nodes;
    this.#proxies = proxies;
  }

  /** Nothing goes between this node and the others any longer, until {@link reconnect}; one at a time. Clients reach it as ever. */
  async cutOff(node: RedisServer): Promise<void> {
    const id = await this.idOf(node);
    this.#proxyOf(node).refuse(() => true);
    for (const [other, proxy] of this.#proxies) if (other !== node) proxy.refuse((link) => senderOf(link) === id);
  }

  /** Ends {@link cutOff}: nodes connect again by themselves. */
  reconnect(): void {
    for (const proxy of this.#proxies.values()) proxy.refuse(() => false);
  }

  get urls(): readonly string[] {
    return this.nodes.map((node) => node.url);
  }

  /** The nodes that own slots, in the order of these, as the first node that runs sees it. */
  async masters(): Promise<readonly RedisServer[]> {
    const owners = (await this.#lines()).filter((line) => line.slots.length > 0);
    return owners.toSorted((one, other) => firstSlot(one) - firstSlot(other)).map((line) => this.#at(line.port));
  }

  /** The node that owns a slot, as the first node that runs sees it. */
  async ownerOf(slot: number): Promise<RedisServer> {
    const line = (await this.#lines()).find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to));
    if (line === undefined) throw new Error(`Nobody owns slot ${slot}.`);
    return this.#at(line.port);
  }

  /** The replicas of a node that are in touch with it. */
  async replicasOf(master: RedisServer): Promise<readonly RedisServer[]> {
    const lines = await this.#lines();
    const id = lines.find((line) => line.port === master.port)?.id;
    return lines.filter((line) => line.masterId === id).map((line) => this.#at(line.port));
  }

  /** How a node is named in the cluster. */
  async idOf(node: RedisServer): Promise<string> {
    return (await asked(node.port, "CLUSTER MYID")).trim();
  }

  /** Begins to move a slot. Both nodes answer for it until the move is ended. */
  async beginMove(slot: number, to: RedisServer): Promise<SlotMove> {
    const from = await this.ownerOf(slot);
    const move = new SlotMove({ slot, from, to, fromId: await this.idOf(from), toId: await this.idOf(to) });
    await move.begin();
    return move;
  }

  /** Comes back when all nodes that run find the cluster whole, and each replica has all of its master's data. */
  async whole(): Promise<void> {
    const running = await this.#running();
    await awaitUntil("a whole cluster", async () => {
      const states = await Promise.all(running.map((node) => isSettled(node)));
      return states.every(Boolean);
    });
  }

  async stop(): Promise<void> {
    for (const proxy of this.#proxies.values()) proxy.close();
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #running(): Promise<readonly RedisServer[]> {
    const answers = await Promise.all(
      this.nodes.map(({ port }) => ask(port, ["PING"], RUNS_WITHIN_MS).catch(() => undefined)),
    );
    return this.nodes.filter((_, index) => answers[index] !== undefined);
  }

  async #lines(): Promise<readonly ClusterNodeLine[]> {
    const [first] = await this.#running();
    if (first === undefined) throw new Error("No node of the cluster runs.");
    return nodeLines(await asked(first.port, "CLUSTER NODES"));
  }

  #proxyOf(node: RedisServer): LinkProxy {
    const proxy = this.#proxies.get(node);
    if (proxy === undefined) throw new Error("The nodes of this cluster talk to each other without proxies.");
    return proxy;
  }

  #at(port: number): RedisServer {
    const node = this.nodes.find((each) => each.port === port);
    if (node === undefined) throw new Error(`No node of this cluster is at port ${port}.`);
    return node;
  }
}

/**
 * Starts three masters with replicas, and comes back when the cluster is whole: it takes the servers some two seconds.
 *
 * @example
 * await using cluster = await startRedisCluster();
 * await (await cluster.ownerOf(0)).kill();
 */
export async function startRedisCluster(options: StartClusterOptions = {}): Promise<RedisCluster> {
  const { replicas = 1, nodeTimeoutMs = 1_000, args = [], kind, proxied = false } = options;
  const own = ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"];
  own.push("--cluster-announce-ip", "127.0.0.1", "--cluster-node-timeout", `${nodeTimeoutMs}`);
  own.push(
    "--cluster-replica-validity-factor",
    "0",
    "--repl-diskless-sync-delay",
    "0",
    "--repl-ping-replica-period",
    "1",
  );
  const launch = { args: [...own, ...args], ...(kind === undefined ? {} : { kind }) };
  const started = await Promise.allSettled(Array.from({ length: MASTERS * (1 + replicas) }, () => startRedis(launch)));
  const nodes = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const proxies = proxied ? await proxiesOf(nodes) : new Map<RedisServer, LinkProxy>();
  const cluster = new RedisCluster(nodes, proxies);
  try {
    for (const each of started) if (each.status === "rejected") throw each.reason;
    await join(cluster, (node) => proxies.get(node)?.port ?? node.port + BUS_PORT_OFFSET);
    await cluster.whole();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Where each message between nodes has the name of who sends it (`clusterMsg` in the server's source). */
const SENDER_FROM = 40;
const SENDER_TO = 80;

function senderOf({ sent }: Link): string {
  return sent.slice(SENDER_FROM, SENDER_TO);
}

function firstSlot({ slots }: ClusterNodeLine): number {
  return slots[0]?.[0] ?? SLOTS;
}

async function proxiesOf(nodes: readonly RedisServer[]): Promise<ReadonlyMap<RedisServer, LinkProxy>> {
  const proxies = new Map<RedisServer, LinkProxy>();
  for (const node of nodes) {
    const proxy = new LinkProxy(node.port + BUS_PORT_OFFSET);
    await proxy.open();
    await asked(node.port, `CONFIG SET cluster-announce-bus-port ${proxy.port}`);
    proxies.set(node, proxy);
  }
  return proxies;
}

async function join(cluster: RedisCluster, busPortOf: (node: RedisServer) => number): Promise<void> {
  const { nodes } = cluster;
  const first = nodes[0] as RedisServer;
  const ids = await Promise.all(nodes.map((node) => cluster.idOf(node)));
  for (const [index, node] of nodes.entries()) {
    await asked(node.port, `CLUSTER SET-CONFIG-EPOCH ${index + 1}`);
    await asked(node.port, `CLUSTER MEET 127.0.0.1 ${first.port} ${busPortOf(first)}`);
    if (index >= MASTERS) continue;
    const [from, to] = [index, index + 1].map((part) => Math.floor((part * SLOTS) / MASTERS));
    await asked(node.port, `CLUSTER ADDSLOTSRANGE ${from} ${(to ?? SLOTS) - 1}`);
  }
  await awaitUntil("nodes that know each other", async () => {
    const views = await Promise.all(nodes.map((node) => asked(node.port, "CLUSTER NODES")));
    return views.every((view) => ids.every((id) => view.includes(id)) && !view.includes("handshake"));
  });
  for (const [index, node] of nodes.entries()) {
    if (index >= MASTERS) await asked(node.port, `CLUSTER REPLICATE ${ids[index % MASTERS]}`);
  }
}

async function isSettled({ port }: RedisServer): Promise<boolean> {
  const state = await asked(port, "CLUSTER INFO");
  const replication = await asked(port, "INFO replication");
  const isLinked = !replication.includes("role:slave") || replication.includes("master_link_status:up");
  return state.includes("cluster_state:ok") && isLinked && !(await asked(port, "CLUSTER NODES")).includes("fail");
}
