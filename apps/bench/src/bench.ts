import type { Effort } from "./effort.ts";
import type { Peer, PeerCache, PeerOptions, PeerTiers } from "./peers/peer.ts";

/** What a case asks of a cache; the rest is filled in. */
export type Wanted = Pick<PeerOptions, "tiers" | "load"> & Partial<Omit<PeerOptions, "url" | "name">>;

/** What cases are measured in: a server, how much is to be done, and who takes part. Closes what was opened for a case. */
export class Bench implements AsyncDisposable {
  /** Where Redis is. */
  readonly url: string;
  readonly effort: Effort;
  readonly peers: readonly Peer[];
  readonly #closers: (() => Promise<unknown>)[] = [];
  #opened = 0;

  constructor(url: string, effort: Effort, peers: readonly Peer[]) {
    this.url = url;
    this.effort = effort;
    this.peers = peers;
  }

  /** How often a thing is to be done in a round, of the number of times that gives a good figure; `least` at least. */
  times(times: number, least = 1): number {
    return Math.max(least, Math.round(times * this.effort.part));
  }

  /** Who can have these tiers, the floor first. */
  peersWith(tiers: PeerTiers): readonly Peer[] {
    return this.peers.filter((peer) => peer.tiers.includes(tiers));
  }

  /** The same where each costs processes or seconds: when it is only about whether things run, the floor and we ourselves. */
  patientPeersWith(tiers: PeerTiers): readonly Peer[] {
    const peers = this.peersWith(tiers);
    return this.effort.name === "smoke" ? peers.slice(0, 2) : peers;
  }

  /** A name that no other cache of this run has. */
  newName(): string {
    return `bench-${process.pid}-${++this.#opened}`;
  }

  /** Opens a cache of a peer until the case is over. */
  async open(peer: Peer, wanted: Wanted): Promise<PeerCache> {
    const loadMany = (keys: readonly string[]): Promise<readonly unknown[]> => Promise.all(keys.map(wanted.load));
    const { url } = this;
    const { deadlineMs } = this.effort;
    const cache = await peer.open({ loadMany, maxEntries: 10_000, deadlineMs, ...wanted, url, name: this.newName() });
    this.onClose(() => cache.close());
    return cache;
  }

  onClose(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }
}
