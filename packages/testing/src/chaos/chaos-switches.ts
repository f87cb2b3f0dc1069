import { CacheError } from "@tiercache/core";
import { CHAOS_OPERATIONS, type ChaosCall, type ChaosOperation } from "./chaos-operation.ts";
import { HeldCall, type HoldPoint } from "./held-call.ts";
import { HeldList } from "./held-list.ts";

/** What a test may do to the calls of a {@link ChaosTier}, and what it may know of them. */
export abstract class ChaosSwitches {
  readonly #calls: ChaosCall[] = [];
  readonly #failing = new Map<ChaosOperation, Error>();
  readonly #holding = new Map<ChaosOperation, HoldPoint | "both">();
  readonly #held = new HeldList<HeldCall>();

  /** The keys of each read so far, one list a call: what was folded into one trip stands in one list. */
  get reads(): readonly (readonly string[])[] {
    return this.keysOf("read");
  }

  /** The key of each write so far. */
  get writes(): readonly string[] {
    return this.keysOf("write").flat();
  }

  /** The key of each frame prolonged so far. */
  get renewals(): readonly string[] {
    return this.keysOf("renew").flat();
  }

  /** The keys of each removal so far, one list a call. */
  get removals(): readonly (readonly string[])[] {
    return this.keysOf("remove");
  }

  /** The keys of each call of an operation so far, one list a call. */
  keysOf(operation: ChaosOperation): readonly (readonly string[])[] {
    return this.#calls.filter((call) => call.operation === operation).map(({ keys }) => keys);
  }

  /** The calls that wait for the test, oldest first. */
  get heldCalls(): readonly HeldCall[] {
    return this.#held.items;
  }

  /** The number of calls so far: of one operation, or of all. Calls that failed or are held count too. */
  count(operation?: ChaosOperation): number {
    return this.#calls.filter((call) => operation === undefined || call.operation === operation).length;
  }

  /** Forgets the calls so far; the switches stay as they are. */
  clearCalls(): void {
    this.#calls.length = 0;
  }

  /**
   * From now on every call rejects at once, and the tier does not see it. What the bus brings arrives all the same: it has
   * a connection of its own.
   *
   * @param error - What they reject with. @defaultValue a `CacheError` of code `TIER_FAILED`
   * @param operation - The one operation that fails. @defaultValue all
   */
  fail(error: Error = new CacheError("TIER_FAILED", "Made to fail by a test."), operation?: ChaosOperation): void {
    for (const each of chosen(operation)) this.#failing.set(each, error);
  }

  /** Ends {@link fail}. Held calls stay held. */
  heal(): void {
    this.#failing.clear();
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
   * @param point - Whether they wait before the tier has done them or after, or first before and then after.
   * @defaultValue "reply"
   */
  hold(operation?: ChaosOperation, point: HoldPoint | "both" = "reply"): void {
    for (const each of chosen(operation)) this.#holding.set(each, point);
  }

  /**
   * Lets held calls go on, oldest first, and holds no further ones.
   *
   * @param operation - The one operation to release. @defaultValue all
   */
  release(operation?: ChaosOperation): void {
    for (const each of chosen(operation)) this.#holding.delete(each);
    for (const call of this.heldCalls) {
      if (operation === undefined || call.operation === operation) call.release();
    }
  }

  /** Resolves to the held calls as soon as there are at least `count`. A test that waits in vain ends by its own timeout. */
  whenHeld(count: number): Promise<readonly HeldCall[]> {
    return this.#held.whenAtLeast(count);
  }

  /** @internal Whether nothing gets through at present. */
  protected get isAway(): boolean {
    return CHAOS_OPERATIONS.every((operation) => this.#failing.has(operation));
  }

  /** @internal Whether a call that is made now will wait before the tier sees it. */
  protected holdsRequests(operation: ChaosOperation): boolean {
    const point = this.#holding.get(operation);
    return point === "request" || point === "both";
  }

  /** @internal Does a call as the switches have it. */
  protected async through<T>(call: ChaosCall, run: () => Promise<T>): Promise<T> {
    this.#calls.push(call);
    const error = this.#failing.get(call.operation);
    if (error !== undefined) throw error;
    const point = this.#holding.get(call.operation);
    if (point === "request" || point === "both") await this.#hold(call, "request");
    const answer = await run();
    if (point === "reply" || point === "both") await this.#hold(call, "reply");
    return answer;
  }

  #hold(call: ChaosCall, point: HoldPoint): Promise<void> {
    // The answer came after the holding had ended.
    if (!this.#holding.has(call.operation)) return Promise.resolve();
    const held = new HeldCall(call, point, (left) => this.#held.remove(left));
    this.#held.add(held);
    return held.decided;
  }
}

function chosen(operation: ChaosOperation | undefined): readonly ChaosOperation[] {
  return operation === undefined ? CHAOS_OPERATIONS : [operation];
}
