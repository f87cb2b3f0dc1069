import { Tally } from "./tally.ts";
import { Timeline } from "./timeline.ts";
import type { Steps } from "./wire.ts";
import type { Deed } from "./workload.ts";

/** How the processes of a fleet are set up, and what surrounds them. */
export interface FleetOptions {
  readonly processes: number;
  readonly steps: Steps;
  readonly ttlMs: number;
  /** `Infinity` for a fleet without echoes. */
  readonly horizonMs: number;
  /** How long a loader takes, and a command there and back. */
  readonly loaderMs: number;
  readonly tripMs: number;
}

/** A key as the server has it. */
interface RemoteKey {
  readonly revision: number;
  readonly state: "leased" | "awaited" | "value";
  readonly expiresAt: number;
}

/** As the cache does: a horizon has four echoes; who waits is woken, and looks by himself after so long, ever less often. */
const ECHOES_A_HORIZON = 4;
const LOOK_AGAIN_FIRST_MS = 20;
const LOOK_AGAIN_LONGEST_MS = 250;

/** After so many reads in a row that found nothing, the next one asks for its lease at once. */
const LIKELY_AFTER = 4;

/**
 * Processes with a local tier each, one server, and what they say to each other, in time that only events move. It knows the protocol
 * of docs/coherence.md: leases, refusals, wake-ups, announcements, echoes. It folds nothing: a process asks for one key at a time.
 */
export class Fleet {
  readonly tally = new Tally();
  readonly #options: FleetOptions;
  readonly #timeline = new Timeline();
  /** Until when each process that holds a key may answer by itself. */
  readonly #held = new Map<number, Map<number, number>>();
  readonly #remote = new Map<number, RemoteKey>();
  /** The processes that are reading a key, and whether they may still keep what they bring. */
  readonly #flights = new Map<number, Map<number, boolean>>();
  readonly #waiting = new Map<number, Set<() => void>>();
  /** How many reads in a row of each process the server had nothing for. */
  readonly #missesInRow = new Map<number, number>();
  #revision = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
    const everyMs = options.horizonMs / ECHOES_A_HORIZON;
    if (everyMs === Number.POSITIVE_INFINITY) return;
    // They have started at one time or another.
    for (let process = 0; process < options.processes; process++)
      this.#timeline.after((everyMs * (process + 1)) / options.processes, () => this.#echo(everyMs));
  }

  /** Has the fleet do all of it, and everything else until then. */
  run(deeds: Iterable<Deed>, untilMs: number): void {
    for (const deed of deeds) {
      this.#timeline.runUntil(deed.atMs);
      if (deed.kind === "read") this.#read(deed.process, deed.key);
      else this.#invalidate(deed);
    }
    this.#timeline.runUntil(untilMs);
  }

  /** How many entries the local tiers hold in all, and how many keys the server. */
  held(): { readonly local: number; readonly remote: number } {
    let local = 0;
    for (const holders of this.#held.values()) local += holders.size;
    return { local, remote: this.#remote.size };
  }

  #read(process: number, key: number): void {
    const { tally } = this;
    if ((this.#held.get(key)?.get(process) ?? 0) > this.#timeline.nowMs) return void tally.localHits++;
    const flights = this.#flights.get(key) ?? new Map<number, boolean>();
    // It joins the flight, which brings the answer for both.
    if (flights.has(process)) return void tally.localHits++;
    this.#flights.set(key, flights.set(process, true));
    this.#ask(process, key, LOOK_AGAIN_FIRST_MS);
  }

  /** Reads the server, and goes on by what it has. */
  #ask(process: number, key: number, lookAgainMs: number): void {
    const misses = this.#missesInRow.get(process) ?? 0;
    const isAbsent = this.#remoteKey(key) === undefined;
    this.#missesInRow.set(process, isAbsent ? misses + 1 : 0);
    const bids = misses >= LIKELY_AFTER;
    if (bids && !isAbsent) this.tally.add(this.#options.steps.acquire);
    this.#asked(process, key, { lookAgainMs, bids });
  }

  /** @param bids - Whether its lease is asked for along with that. */
  #asked(
    process: number,
    key: number,
    { lookAgainMs, bids }: { readonly lookAgainMs: number; readonly bids: boolean },
  ): void {
    const { steps, tripMs } = this.#options;
    const there = this.#remoteKey(key);
    if (there?.state === "value") {
      this.tally.add(steps.found);
      this.tally.remoteHits++;
      this.#timeline.after(tripMs, () => this.#keep(process, key, there.expiresAt));
    } else if (there === undefined) {
      this.tally.add(steps.absent);
      if (bids) this.#acquire(process, key, lookAgainMs);
      else this.#timeline.after(tripMs, () => this.#acquire(process, key, lookAgainMs));
    } else {
      this.tally.add(steps.leased);
      this.#timeline.after(tripMs, () => this.#wait(process, key, lookAgainMs));
    }
  }

  #acquire(process: number, key: number, lookAgainMs: number): void {
    const { steps, tripMs, loaderMs } = this.#options;
    this.tally.add(steps.acquire);
    // Somebody was quicker: the server is read again.
    if (this.#remoteKey(key) !== undefined) {
      this.#timeline.after(tripMs, () => this.#asked(process, key, { lookAgainMs, bids: false }));
      return;
    }
    const revision = ++this.#revision;
    this.#remote.set(key, { revision, state: "leased", expiresAt: Number.POSITIVE_INFINITY });
    this.tally.loads++;
    this.#timeline.after(tripMs + loaderMs, () => this.#commit(process, key, revision));
  }

  #commit(process: number, key: number, revision: number): void {
    const { steps, ttlMs, processes } = this.#options;
    const expiresAt = this.#timeline.nowMs + ttlMs;
    const there = this.#remoteKey(key);
    if (there?.revision === revision) {
      this.tally.add(steps.commit);
      this.#remote.set(key, { revision, state: "value", expiresAt });
      if (there.state === "awaited") this.#announce(key, () => this.tally.add(steps.filled, processes));
    } else {
      this.tally.add(steps.refused);
      this.tally.refusals++;
    }
    this.#keep(process, key, expiresAt);
  }

  #wait(process: number, key: number, lookAgainMs: number): void {
    const { steps, tripMs } = this.#options;
    const there = this.#remoteKey(key);
    if (there === undefined || there.state === "value") {
      this.tally.add(steps.wait);
      this.#timeline.after(tripMs, () => this.#ask(process, key, lookAgainMs));
      return;
    }
    this.tally.add(there.state === "leased" ? steps.firstWait : steps.wait);
    if (lookAgainMs === LOOK_AGAIN_FIRST_MS) this.tally.waits++;
    this.#remote.set(key, { ...there, state: "awaited" });
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting);
    const woken = (): void => {
      if (waiting.delete(woken)) this.#ask(process, key, Math.min(lookAgainMs * 2, LOOK_AGAIN_LONGEST_MS));
    };
    waiting.add(woken);
    this.#timeline.after(lookAgainMs, woken);
  }

  #keep(process: number, key: number, expiresAt: number): void {
    const flights = this.#flights.get(key);
    if (flights?.get(process) === true) {
      const holders = this.#held.get(key) ?? new Map<number, number>();
      this.#held.set(key, holders.set(process, expiresAt));
    }
    flights?.delete(process);
    if (flights?.size === 0) this.#flights.delete(key);
  }

  #invalidate({ process, key }: Deed): void {
    const { steps, processes } = this.#options;
    this.#forget(process, key);
    this.#remote.delete(key);
    this.#announce(key, () => this.tally.add(steps.invalidate, processes));
  }

  /** Half a trip later everybody has heard of it. */
  #announce(key: number, count: () => void): void {
    count();
    const isRemoval = !this.#remote.has(key);
    this.#timeline.after(this.#options.tripMs / 2, () => {
      if (isRemoval) {
        for (const process of this.#flights.get(key)?.keys() ?? []) this.#forget(process, key);
        this.#held.delete(key);
      }
      for (const woken of this.#waiting.get(key) ?? []) woken();
    });
  }

  #forget(process: number, key: number): void {
    this.#held.get(key)?.delete(process);
    const flights = this.#flights.get(key);
    if (flights?.has(process)) flights.set(process, false);
  }

  #remoteKey(key: number): RemoteKey | undefined {
    const there = this.#remote.get(key);
    if (there === undefined || there.expiresAt > this.#timeline.nowMs) return there;
    this.#remote.delete(key);
    return undefined;
  }

  #echo(everyMs: number): void {
    this.tally.add(this.#options.steps.echo, 1);
    this.#timeline.after(everyMs, () => this.#echo(everyMs));
  }
}
