import {
  type Bus,
  type EpochMs,
  type Fence,
  invalidOption,
  type Lock,
  objectWith,
  type RemoteCall,
  type RemoteChange,
  type RemoteRenewal,
  type RemoteTier,
  type RemoteWrite,
  type Scan,
  type Shards,
} from "@tiercache/core";
import { ChaosBus } from "./chaos-bus.ts";
import { ChaosFence, type ChaosThrough } from "./chaos-fence.ts";
import { ChaosLock } from "./chaos-lock.ts";
import { ChaosScan } from "./chaos-scan.ts";
import { ChaosSwitches } from "./chaos-switches.ts";
import { MessagesUnderWay } from "./messages-under-way.ts";

/**
 * A remote tier whose faults and whose timing a test decides. Made by {@link chaos}. Without any switch turned it is
 * the tier it wraps.
 */
export class ChaosTier extends ChaosSwitches implements RemoteTier {
  readonly name: string;
  /** What the bus has on its way to this process. */
  readonly messages: MessagesUnderWay = new MessagesUnderWay();
  /** Absent where the wrapped tier cannot do it either. So are `fence`, `bus`, `lock`, `scan` and `onLoss`. */
  readonly renew?: (key: string, renewal: RemoteRenewal) => Promise<boolean>;
  readonly fence?: Fence;
  readonly bus?: Bus;
  readonly lock?: Lock;
  readonly scan?: Scan;
  /** Those of the wrapped tier. */
  readonly shards: Shards | undefined;
  readonly onLoss?: (listener: () => void) => void;
  readonly #tier: RemoteTier;
  #timeLost = false;
  /** Who is to hear of a loss once the tier can be reached again. */
  readonly #untold = new Set<() => void>();

  /** @internal */
  constructor(tier: RemoteTier) {
    super();
    this.name = tier.name;
    this.#tier = tier;
    this.shards = tier.shards;
    const through: ChaosThrough = (call, run) => this.through(call, run);
    if (tier.fence !== undefined) this.fence = new ChaosFence(tier.fence, through);
    if (tier.bus !== undefined) this.bus = new ChaosBus(tier.bus, this.messages, through);
    if (tier.lock !== undefined) this.lock = new ChaosLock(tier.lock, through);
    if (tier.scan !== undefined) this.scan = new ChaosScan(tier.scan, through);
    if (tier.onLoss !== undefined) this.onLoss = (listener) => tier.onLoss?.(() => this.#tellLoss(listener));
    if (tier.renew === undefined) return;
    this.renew = (key, renewal) => {
      const call = { operation: "renew", keys: [key], text: renewal.announce } as const;
      return through(call, () => tier.renew?.(key, renewal) ?? Promise.resolve(false));
    };
  }

  /** Ends {@link fail}, {@link loseTime} and the loss of messages. Held calls and messages stay held. */
  override heal(): void {
    super.heal();
    this.messages.heal();
    this.#timeLost = false;
    const untold = [...this.#untold];
    this.#untold.clear();
    for (const listener of untold) listener();
  }

  /** From now on the tier's time is unknown, until {@link heal}. */
  loseTime(): void {
    this.#timeLost = true;
  }

  /** Breaks the connection that the bus listens on: messages under way are lost, and all others until {@link healBus}. */
  loseBus(): void {
    this.messages.cut();
  }

  /** Ends {@link loseBus}: the listener hears of a gap, and of what is announced from then on. */
  healBus(): void {
    this.messages.reconnect();
  }

  now(): EpochMs | undefined {
    return this.#timeLost ? undefined : this.#tier.now();
  }

  readMany(keys: readonly string[], call: RemoteCall): Promise<readonly (Uint8Array | undefined)[]> {
    return this.through({ operation: "read", keys: [...keys] }, () => this.#tier.readMany(keys, call));
  }

  write(key: string, frame: Uint8Array, call: RemoteWrite): Promise<void> {
    // A request that waits must not change with the caller's bytes.
    const kept = this.holdsRequests("write") ? new Uint8Array(frame) : frame;
    const asked = { operation: "write", keys: [key], text: call.announce } as const;
    return this.through(asked, () => this.#tier.write(key, kept, call));
  }

  remove(keys: readonly string[], call: RemoteChange): Promise<void> {
    const asked = { operation: "remove", keys: [...keys], text: call.announce } as const;
    return this.through(asked, () => this.#tier.remove(keys, call));
  }

  close(): Promise<void> {
    return this.through({ operation: "close", keys: [] }, () => this.#tier.close());
  }

  /** A process that cannot reach the server does not know of its restart, but does before its next command is sent. */
  #tellLoss(listener: () => void): void {
    if (this.isAway) this.#untold.add(listener);
    else listener();
  }
}

/**
 * Wraps a remote tier so that a test decides when it fails, hangs or answers, what its bus brings and when, and sees what
 * was asked of it. No time passes in it and nothing is random: every interleaving can be written down.
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
