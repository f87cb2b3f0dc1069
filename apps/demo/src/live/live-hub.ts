import { Traffic } from "../load/traffic.ts";
import type { ActionDesk } from "./action-desk.ts";
import type { FeedEvent } from "./feed-event.ts";
import type { LiveMessage, LiveState } from "./live-state.ts";
import type { LocalInstance } from "./local-instance.ts";
import { Peer } from "./peer.ts";
import type { ProgressBoard } from "./progress-board.ts";
import type { RedisSwitch } from "./redis-switch.ts";

/** What the page is made of. */
export interface LiveHubParts {
  readonly board: ProgressBoard;
  /** How often everything is looked at. @defaultValue 1_000 */
  readonly everyMs?: number;
}

/** Is told of each look, until it takes itself off. */
export type LiveListener = (message: LiveMessage) => void;

const eventsKept = 200;

/** Looks at all instances once a second for as long as the process lives, and tells the pages that are open. */
export class LiveHub implements AsyncDisposable {
  readonly traffic = new Traffic();
  /** Does what pages ask for; `undefined` until the instance is ready. */
  actions: ActionDesk | undefined;
  /** The report as a page; `undefined` before there is one. */
  report: string | undefined;
  readonly #board: ProgressBoard;
  readonly #everyMs: number;
  readonly #listeners = new Set<LiveListener>();
  readonly #peers: Peer[] = [];
  #local: LocalInstance | undefined;
  #redis: RedisSwitch | undefined;
  #remote: string | null = null;
  #events: FeedEvent[] = [];
  #lastEvent = 0;
  #timer: NodeJS.Timeout | undefined;
  #open = true;

  constructor({ board, everyMs = 1_000 }: LiveHubParts) {
    this.#board = board;
    this.#everyMs = everyMs;
    this.#lookLater(0);
  }

  get local(): LocalInstance | undefined {
    return this.#local;
  }

  get redis(): RedisSwitch | undefined {
    return this.#redis;
  }

  get peers(): readonly Peer[] {
    return this.#peers;
  }

  /** The instance of this process is ready. */
  serve(local: LocalInstance, redis: RedisSwitch, remote: string | null): void {
    this.#local = local;
    this.#redis = redis;
    this.#remote = remote;
  }

  /** Another instance is to be looked at. @param address - Without a slash at the end. */
  meet(address: string): void {
    this.#peers.push(new Peer(address));
  }

  /** Looks now, and tells everybody. */
  async look(): Promise<LiveMessage> {
    const [own, ...others] = await Promise.all([this.#ownEvents(), ...this.#peers.map((peer) => peer.look())]);
    const events = [own, ...others].flat().toSorted((one, other) => one.atEpochMs - other.atEpochMs);
    this.#events = [...this.#events, ...events].slice(-eventsKept);
    const message = { state: this.state(), events };
    for (const listener of this.#listeners) listener(message);
    return message;
  }

  /** Tells a page everything of before, and then of each look. @returns takes it off again */
  listen(listener: LiveListener): () => void {
    listener({ state: this.state(), events: this.#events });
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the last look has seen. */
  state(): LiveState {
    const others = this.#peers.flatMap(({ state }) => state ?? []);
    const own = this.#local?.monitor.lastState;
    return {
      atEpochMs: Date.now(),
      instances: own === undefined ? others : [own, ...others],
      away: this.#peers.filter(({ state }) => state === undefined).map(({ address }) => address),
      traffic: this.traffic.state,
      redis: this.#redis?.state ?? "none",
      remote: this.#remote,
      works: this.#board.works,
      actions: this.actions?.names ?? [],
      hasReport: this.report !== undefined,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    clearTimeout(this.#timer);
    await this.traffic.stop();
  }

  async #ownEvents(): Promise<readonly FeedEvent[]> {
    const local = this.#local;
    if (local === undefined) return [];
    await local.monitor.look();
    const events = local.feed.after(this.#lastEvent);
    this.#lastEvent = events.at(-1)?.number ?? this.#lastEvent;
    return events;
  }

  #lookLater(afterMs: number): void {
    if (!this.#open) return;
    this.#timer = setTimeout(() => void this.look().finally(() => this.#lookLater(this.#everyMs)), afterMs);
    this.#timer.unref();
  }
}
