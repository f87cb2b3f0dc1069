import {
  CacheError,
  type EpochMs,
  invalidOption,
  objectWith,
  type RemoteCall,
  type RemoteOperation,
  type RemoteRenewal,
  type RemoteTier,
  type RemoteWrite,
} from "@tiercache/core";
import { HeldCall, type HoldPoint } from "./held-call.ts";

const OPERATIONS: readonly RemoteOperation[] = ["read", "write", "renew", "remove", "close"];

interface Call {
  readonly operation: RemoteOperation;
  readonly keys: readonly string[];
}

interface Waiter {
  readonly count: number;
  readonly resolve: (calls: readonly HeldCall[]) => void;
}

/**
 * A remote tier whose faults and whose timing a test decides. Made by {@link chaos}. Without any switch turned it is
 * the tier it wraps.
 */
export class ChaosTier implements RemoteTier {
  readonly name: string;
  /** Absent where the wrapped tier cannot do it either. */
  readonly renew?: (key: string, renewal: RemoteRenewal) => Promise<boolean>;
  readonly #tier: RemoteTier;
  readonly #calls: Call[] = [];
  readonly #failing = new Map<RemoteOperation, Error>();
  readonly #holding = new Map<RemoteOperation, HoldPoint>();
  #held: HeldCall[] = [];
  #waiters: Waiter[] = [];
  #timeLost = false;

  /** @internal */
  constructor(tier: RemoteTier) {
    this.name = tier.name;
    this.#tier = tier;
    if (tier.renew === undefined) return;
    this.renew = (key, renewal) =>
      this.#through({ operation: "renew", keys: [key] }, () => tier.renew?.(key, renewal) ?? Promise.resolve(false));
  }

  /** The keys of each read so far, one list a call: what was folded into one trip stands in one list. */
  get reads(): readonly (readonly string[])[] {
    return this.#keysOf("read");
  }

  /** The key of each write so far. */
  get writes(): readonly string[] {
    return this.#keysOf("write").flat();
  }

  /** The key of each frame prolonged so far. */
  get renewals(): readonly string[] {
    return this.#keysOf("renew").flat();
  }

  /** The keys of each removal so far, one list a call. */
  get removals(): readonly (readonly string[])[] {
    return this.#keysOf("remove");
  }

  /** The calls that wait for the test, oldest first. */
  get heldCalls(): readonly HeldCall[] {
    return this.#held;
  }

  /** The number of calls so far: of one operation, or of all. Calls that failed or are held count too. */
  count(operation?: RemoteOperation): number {
    return this.#calls.filter((call) => operation === undefined || call.operation === operation).length;
  }

  /** Forgets the calls so far; the switches stay as they are. */
  clearCalls(): void {
    this.#calls.length = 0;
  }

  /**
   * From now on every call rejects at once, and the tier does not see it.
   *
   * @param error - What they reject with. @defaultValue a `CacheError` of code `TIER_FAILED`
   * @param operation - The one operation that fails. @defaultValue all
   */
  fail(error: Error = new CacheError("TIER_FAILED", "Made to fail by a test."), operation?: RemoteOperation): void {
    for (const each of chosen(operation)) this.#failing.set(each, error);
  }

  /** Ends {@link fail} and {@link loseTime}. Held calls stay held. */
  heal(): void {
    this.#failing.clear();
    this.#timeLost = false;
  }

  /** From now on no call is answered until {@link release}: the tier is as a stopped process and does all of it late. */
  hang(): void {
    this.hold(undefined, "request");
  }

  /**
   * From now on calls wait, each until it is released or failed through {@link heldCalls}, or all are by
   * {@link release}.
   *
   * @param operation - The one operation that waits. @defaultValue all
   * @param point - Whether they wait before the tier has done them or after. @defaultValue "reply"
   */
  hold(operation?: RemoteOperation, point: HoldPoint = "reply"): void {
    for (const each of chosen(operation)) this.#holding.set(each, point);
  }

  /**
   * Lets held calls go on, oldest first, and holds no further ones.
   *
   * @param operation - The one operation to release. @defaultValue all
   */
  release(operation?: RemoteOperation): void {
    for (const each of chosen(operation)) this.#holding.delete(each);
    for (const call of this.#held) {
      if (operation === undefined || call.operation === operation) call.release();
    }
  }

  /** Resolves to the held calls as soon as there are at least `count`. A test that waits in vain ends by its own timeout. */
  whenHeld(count: number): Promise<readonly HeldCall[]> {
    if (this.#held.length >= count) return Promise.resolve(this.#held);
    return new Promise((resolve) => {
      this.#waiters.push({ count, resolve });
    });
  }

  /** From now on the tier's time is unknown, until {@link heal}. */
  loseTime(): void {
    this.#timeLost = true;
  }

  now(): EpochMs | undefined {
    return this.#timeLost ? undefined : this.#tier.now();
  }

  readMany(keys: readonly string[], call: RemoteCall): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#through({ operation: "read", keys: [...keys] }, () => this.#tier.readMany(keys, call));
  }

  write(key: string, frame: Uint8Array, call: RemoteWrite): Promise<void> {
    // A request that waits must not change with the caller's bytes.
    const kept = this.#holding.get("write") === "request" ? new Uint8Array(frame) : frame;
    return this.#through({ operation: "write", keys: [key] }, () => this.#tier.write(key, kept, call));
  }

  remove(keys: readonly string[], call: RemoteCall): Promise<void> {
    return this.#through({ operation: "remove", keys: [...keys] }, () => this.#tier.remove(keys, call));
  }

  close(): Promise<void> {
    return this.#through({ operation: "close", keys: [] }, () => this.#tier.close());
  }

  async #through<T>(call: Call, run: () => Promise<T>): Promise<T> {
    this.#calls.push(call);
    const error = this.#failing.get(call.operation);
    if (error !== undefined) throw error;
    const point = this.#holding.get(call.operation);
    if (point === "request") await this.#hold(call, point);
    const answer = await run();
    if (point === "reply") await this.#hold(call, point);
    return answer;
  }

  #hold(call: Call, point: HoldPoint): Promise<void> {
    // The answer came after the holding had ended.
    if (!this.#holding.has(call.operation)) return Promise.resolve();
    const held = new HeldCall(call, point, (left) => {
      this.#held = this.#held.filter((other) => other !== left);
    });
    this.#held = [...this.#held, held];
    const ready = this.#waiters.filter(({ count }) => this.#held.length >= count);
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve(this.#held);
    return held.decided;
  }

  #keysOf(operation: RemoteOperation): readonly (readonly string[])[] {
    return this.#calls.filter((call) => call.operation === operation).map(({ keys }) => keys);
  }
}

function chosen(operation: RemoteOperation | undefined): readonly RemoteOperation[] {
  return operation === undefined ? OPERATIONS : [operation];
}

/**
 * Wraps a remote tier so that a test decides when it fails, hangs or answers, and sees what was asked of it. No time
 * passes in it and nothing is random: every interleaving can be written down.
 *
 * @throws `INVALID_OPTION` for anything but a remote tier.
 *
 * @example
 * ```ts
 * import { createCache } from "@tiercache/core";
 * import { chaos, manualClock, memoryTier } from "@tiercache/testing";
 *
 * const tier = chaos(memoryTier({ clock: manualClock() }));
 * const users = createCache({ tiers: [tier] }).namespace("user", { load: () => "loaded" });
 *
 * tier.hold("read"); // the tier is asked, its answer is late
 * const late = users.get("7");
 * const [read] = await tier.whenHeld(1);
 * read?.fail(new Error("connection lost"));
 * console.log(await late); // "loaded"
 * ```
 */
export function chaos(tier: RemoteTier): ChaosTier {
  const rule = objectWith("a remote tier", "now", "readMany", "write", "remove", "close");
  if (!rule.accepts(tier)) throw invalidOption("The argument of chaos", tier, rule);
  return new ChaosTier(tier);
}
