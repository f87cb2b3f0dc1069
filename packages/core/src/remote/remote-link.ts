import type { Ms } from "../contracts/clock.ts";
import type { Fence, Lease } from "../contracts/fence.ts";
import type { Lock } from "../contracts/lock.ts";
import type { Scan } from "../contracts/scan.ts";
import type { RemoteTier } from "../contracts/tier.ts";
import type { LazySignal } from "../lazy-signal.ts";
import { announcing, calling, committing, writing } from "./call-parts.ts";
import { type CommitEnd, commitEnd, FAILED } from "./commit-end.ts";
import { type Sending, written } from "./frame-write.ts";
import { LeaseFold, type Taken } from "./lease-fold.ts";
import { Losses } from "./losses.ts";
import type { OutgoingFrame, OutgoingRenewal } from "./outgoing.ts";
import type { Found } from "./read-fold.ts";
import type { RemoteLinkParts } from "./remote-link-parts.ts";
import type { Removal } from "./removal.ts";
import type { Removals } from "./removals.ts";
import { type CallEnd, TierCalls } from "./tier-calls.ts";
import { TierReads } from "./tier-reads.ts";
import { removalsOf } from "./tier-removals.ts";
import { TierWatch } from "./tier-watch.ts";
import { TimeOrder } from "./time-order.ts";

/** The most leases that misses of one tick take by a single call. */
const MAX_LEASES_PER_CALL = 512;

/**
 * The cache's end of one remote tier. Puts the deadline on every call, folds the reads of a tick into one, and turns
 * failures into events: nothing here ever rejects, so no caller has to think of a tier that is away.
 *
 * A tier that removals are pending for is not read: what it holds may be what was to be removed. One with shards is, but for the keys
 * that these are for.
 */
export class RemoteLink {
  readonly name: string;
  readonly losses: Losses;
  readonly watch: TierWatch;
  /** For what is done beside its frames. */
  readonly calls: TierCalls;
  /** Whether changes can be announced. */
  readonly hasBus: boolean;
  /** Its locks, if it can lock. */
  readonly lock: Lock | undefined;
  /** How its keys are looked through, if they can be. */
  readonly scan: Scan | undefined;
  readonly #tier: RemoteTier;
  readonly #parts: RemoteLinkParts;
  readonly #reads: TierReads;
  readonly #leases: LeaseFold | undefined;
  readonly #removals: Removals;
  readonly #order: TimeOrder;
  readonly #writes = new Set<Promise<unknown>>();

  constructor(tier: RemoteTier, parts: RemoteLinkParts) {
    this.name = tier.name;
    this.losses = new Losses(tier, parts.clock);
    this.hasBus = tier.bus !== undefined;
    this.lock = tier.lock;
    this.scan = tier.scan;
    this.#tier = tier;
    this.#parts = parts;
    const breaker = tier.breaker ?? parts.breaker;
    this.calls = new TierCalls({ ...parts, breaker, name: tier.name, shards: tier.shards });
    this.#removals = removalsOf(tier, this.calls, parts);
    this.#reads = new TierReads({ tier, calls: this.calls, removals: this.#removals });
    // What is asked of different shards is asked apart: the one that is away takes nothing from the others.
    if (tier.shards === undefined) {
      this.#leases = new LeaseFold((leases, leaseMs) => this.#acquire(leases, leaseMs), MAX_LEASES_PER_CALL);
    }
    this.#order = new TimeOrder((key) => this.#reads.readAlone([key]));
    const settle = (): Promise<boolean> => this.#removals.settleProbed();
    this.watch = new TierWatch(tier, { ...parts, breaker, calls: this.calls, settle });
  }

  /** The tier's time minus the clock's, by which an entry's instants travel; `undefined` while it is unknown. */
  shiftMs(): Ms | undefined {
    try {
      const tierNow = this.#tier.now();
      return tierNow === undefined ? undefined : tierNow - this.#parts.clock.now();
    } catch (error) {
      // It must not throw; if it does all the same, no reader shall hear of it.
      this.calls.report("read", error);
      return undefined;
    }
  }

  /** Whether what is written here may only replace what was seen. */
  get isFenced(): boolean {
    return this.#tier.fence !== undefined;
  }

  /** Reads keys in one trip, together with all others of this tick; none while the tier is not worth asking. */
  read(keys: readonly string[]): Promise<Found> {
    return this.#reads.read(keys);
  }

  /** Asks for one key, for somebody who wants to know why that failed. */
  probe(key: string): Promise<CallEnd<Uint8Array | undefined>> {
    return this.#reads.probe(key);
  }

  /** Stores a frame in place of whatever is there; resolves to whether the tier has it. */
  write(frame: OutgoingFrame, announce?: string): Promise<boolean> {
    const send = (bytes: Uint8Array, ttlMs: Ms): Promise<boolean> =>
      this.calls.did("write", (call) => written(this.#tier, frame, { bytes, write: writing(call, ttlMs, announce) }));
    return this.#sent(frame, { send, without: Promise.resolve(false), ended: Promise.resolve(true) });
  }

  /**
   * Stores a frame in place of the one with a certain revision. `failed` says that nobody knows.
   *
   * @param announce - Announced where somebody waits for the key.
   */
  commit(frame: OutgoingFrame, expected: Uint8Array, announce?: string): Promise<CommitEnd> {
    const { fence } = this.#tier;
    if (fence === undefined) return FAILED;
    const send = (bytes: Uint8Array, ttlMs: Ms): Promise<CommitEnd> =>
      this.calls
        .make("commit", (call) =>
          fence.commit(frame.key, committing(call, { ttlMs, announce, expected, frame: bytes })),
        )
        .then(commitEnd);
    return this.#sent(frame, { send, without: FAILED });
  }

  /**
   * Takes leases, together with all others of this tick; resolves to one boolean a lease, or `undefined` where the tier could not be
   * asked.
   */
  acquire(leases: readonly Lease[], leaseMs: Ms): Promise<Taken> {
    return this.#leases === undefined ? this.#acquire(leases, leaseMs) : this.#leases.take(leases, leaseMs);
  }

  /** Gives a lease up. */
  release(key: string, expected: Uint8Array, announce?: string): Promise<boolean> {
    const release = this.#fenced("release", async (fence, call) => {
      await fence.release(key, Object.assign(announcing(call, announce), { expected }));
    });
    return this.#known(release);
  }

  /** Marks a lease as waited for; resolves to whether it is still held. */
  async awaits(key: string, expected: Uint8Array): Promise<boolean> {
    let isHeld = false;
    await this.#fenced("wait", async (fence, call) => {
      isHeld = await fence.wait(key, expected, call);
    });
    return isHeld;
  }

  /** Whether frames can be prolonged without being sent again. */
  get canRenew(): boolean {
    return this.#tier.renew !== undefined;
  }

  /** Prolongs a frame if the tier still holds it; resolves to whether it does, now with its new life. */
  renew(renewal: OutgoingRenewal): Promise<boolean> {
    return this.#known(this.#order.run(() => this.#renew(renewal)));
  }

  /** Removes keys; resolves to whether the tier has none of them any longer. If not, it will be told as soon as it can be. */
  remove(removal: Removal): Promise<boolean> {
    return this.#known(this.#order.run(() => this.#removals.tell(removal)));
  }

  /** Hears of a write that was to replace keys: has them removed where it failed, and again if it should get lost. */
  replaced(removal: Removal, done: boolean): void {
    this.#removals.replaced(removal, done);
  }

  /** Whether it is still to be told to forget a key: what it has there has ended. */
  isToForget(key: string): boolean {
    return this.#removals.awaits(key);
  }

  /** The number of keys whose removal it is still to be told of. */
  get pendingRemovals(): number {
    return this.#removals.pending;
  }

  /** The writes and removals on their way, each bounded by the deadline. */
  get writes(): readonly Promise<unknown>[] {
    return [...this.#writes];
  }

  /** Waits for the writes and removals on their way, each bounded by the deadline, then lets the tier close what it opened. */
  async close(): Promise<void> {
    this.watch.close();
    await Promise.all(this.#writes);
    this.#removals.close();
    await this.calls.did("close", () => this.#tier.close());
  }

  #known<T>(write: Promise<T>): Promise<T> {
    this.#writes.add(write);
    void write.then(() => this.#writes.delete(write));
    return write;
  }

  #acquire(leases: readonly Lease[], leaseMs: Ms): Promise<Taken> {
    const { fence } = this.#tier;
    if (fence === undefined) return Promise.resolve(undefined);
    return this.calls
      .make("acquire", (call) => fence.acquire(leases, Object.assign(calling(call), { leaseMs })))
      .then((end) => ("answer" in end ? end.answer : undefined));
  }

  #fenced(operation: "release" | "wait", run: (fence: Fence, call: LazySignal) => Promise<void>): Promise<boolean> {
    const { fence } = this.#tier;
    return fence === undefined ? Promise.resolve(false) : this.calls.did(operation, (call) => run(fence, call));
  }

  #sent<T>(frame: OutgoingFrame, sending: Sending<T>): Promise<T> {
    if (this.watch.isAsked && this.shiftMs() === undefined) this.#order.learnTime(frame.key);
    return this.#known(
      this.#order.isOpen ? this.#sentNow(frame, sending) : this.#order.run(() => this.#sentNow(frame, sending)),
    );
  }

  #sentNow<T>(frame: OutgoingFrame, { send, without, ended = without }: Sending<T>): Promise<T> {
    if (this.calls.refuses("write")) return without;
    const shiftMs = this.shiftMs();
    const ttlMs = frame.remainingMs();
    if (ttlMs <= 0) return ended;
    if (shiftMs !== undefined) return send(frame.bytes(shiftMs), ttlMs);
    // No frame could say how long it is good for.
    this.calls.reportTimeUnknown("write");
    return without;
  }

  async #renew(renewal: OutgoingRenewal): Promise<boolean> {
    const shiftMs = this.shiftMs();
    const ttlMs = renewal.remainingMs();
    if (shiftMs === undefined || ttlMs <= 0) return false;
    const header = renewal.header(shiftMs);
    const expected = renewal.frame.subarray(0, header.byteLength);
    let isHeld = false;
    await this.calls.did("renew", async (call) => {
      const asked = Object.assign(writing(call, ttlMs), { expected, header });
      isHeld = (await this.#tier.renew?.(renewal.key, asked)) ?? false;
    });
    return isHeld;
  }
}
