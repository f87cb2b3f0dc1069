import type { Breaker, BreakerState } from "../contracts/breaker.ts";
import type { CancelTimer, Clock, Ms } from "../contracts/clock.ts";
import type { Observer } from "../contracts/observer.ts";
import type { RemoteTier } from "../contracts/tier.ts";
import { isRefusal, type TierCalls } from "./tier-calls.ts";

/** What a watch needs besides its tier. */
export interface TierWatchParts {
  /** For what goes on behind everybody's back. */
  readonly idleClock: Clock;
  readonly observer: Observer | undefined;
  readonly breaker: Breaker;
  readonly calls: TierCalls;
  /** Tells the tier of all removals that are pending by now; resolves to whether it has followed. Must not reject. */
  settle(): Promise<boolean>;
}

/** Whether a tier answers, and how soon. */
export type RoundTrip = { readonly roundTripMs: Ms } | { readonly failure: string; readonly ofShard?: boolean };

/** No namespace has it: nothing is ever written there. */
const PROBED_KEY = "tiercache:probe";

/**
 * Whether a remote tier is worth asking, and when it is again. While its breaker is open it probes the tier by itself, and no
 * reader ever does. A probe asks the tier something, by which it learns of what it may have lost, and then tells it all that is
 * pending; only after both is it read again, so that no value is found there that was to be removed.
 */
export class TierWatch {
  readonly #tier: RemoteTier;
  readonly #parts: TierWatchParts;
  #cancel: CancelTimer | undefined;
  #isProbing = false;
  #isOpen = true;

  constructor(tier: RemoteTier, parts: TierWatchParts) {
    this.#tier = tier;
    this.#parts = parts;
    const { breaker, observer } = parts;
    breaker.onChange(({ state, was }) => {
      observer?.on({ type: "breaker-changed", tier: tier.name, state, was });
      this.#schedule();
    });
    tier.onReady?.(() => {
      breaker.retrySoon();
      void this.#recover();
    });
    // One that was opened before there was a cache.
    this.#schedule();
  }

  get state(): BreakerState {
    return this.#parts.breaker.state;
  }

  /** Whether the tier is asked at present. */
  get isAsked(): boolean {
    return this.#parts.breaker.state === "closed";
  }

  /** Whether any of the tier's shards answers, as far as is known; never, where it has none. */
  get isAnyShardThere(): boolean {
    return this.#tier.shards?.isAnyThere === true;
  }

  /** Whether some of the tier's shards do not answer while others do. */
  get isShardAway(): boolean {
    return this.isAnyShardThere && this.#tier.shards?.isAnyAway === true;
  }

  /** Asks the tier for something, whatever the breaker says. Nothing is told to the breaker. */
  async ping(): Promise<RoundTrip> {
    const { calls, idleClock: clock } = this.#parts;
    const startedAt = clock.now();
    const end = await calls.probe("read", async (call) => {
      try {
        await this.#tier.readMany([PROBED_KEY], call);
      } catch (error) {
        // Who refuses is there.
        if (!isRefusal(error)) throw error;
      }
    });
    return "failure" in end ? end : { roundTripMs: clock.now() - startedAt };
  }

  /** Sends an echo of the tier's bus. Resolves to whether it was sent. */
  echo(nonce: string): Promise<boolean> {
    return this.#parts.calls.did("echo", () => this.#tier.bus?.echo(nonce) ?? Promise.resolve());
  }

  /** Takes the tier out of use until {@link release}. */
  isolate(): void {
    this.#parts.breaker.isolate();
  }

  /** Has the tier used again, once it was told all that it missed. */
  release(): void {
    this.#parts.breaker.release();
  }

  close(): void {
    this.#isOpen = false;
    this.#cancel?.();
  }

  #schedule(): void {
    const { breaker, idleClock: clock } = this.#parts;
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#isProbing || !this.#isOpen || breaker.state === "closed" || breaker.state === "isolated") return;
    this.#cancel = clock.after(breaker.retryInMs, () => void this.#recover());
  }

  async #recover(): Promise<void> {
    if (this.#isProbing || !this.#isOpen) return;
    const { breaker } = this.#parts;
    this.#isProbing = true;
    try {
      while (this.#isOpen && breaker.probe()) {
        const end = await this.ping();
        // Where the probed shard is away, another one is there.
        const isBack = "roundTripMs" in end || end.ofShard === true;
        breaker.probed(isBack && (await this.#parts.settle()));
      }
    } finally {
      this.#isProbing = false;
      this.#schedule();
      // What has come meanwhile.
      if (this.isAsked) void this.#parts.settle();
    }
  }
}
