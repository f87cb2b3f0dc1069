import type { Breaker } from "../contracts/breaker.ts";
import type { Bus } from "../contracts/bus.ts";
import type { EpochMs } from "../contracts/clock.ts";
import type { Fence } from "../contracts/fence.ts";
import type { Lock } from "../contracts/lock.ts";
import type { RemoteCall, RemoteChange, RemoteWrite } from "../contracts/remote-call.ts";
import type { Scan } from "../contracts/scan.ts";
import type { Shards } from "../contracts/shards.ts";
import type { RemoteRenewal, RemoteTier } from "../contracts/tier.ts";
import { guardedBus, guardedFence, guardedLock, guardedScan } from "./guarded-abilities.ts";
import type { Guarded, UnderPolicies } from "./policies.ts";

/** A remote tier with policies around each call that goes out to it. It can do what the tier in it can. */
export class GuardedTier implements RemoteTier {
  readonly name: string;
  readonly breaker: Breaker | undefined;
  readonly fence: Fence | undefined;
  readonly bus: Bus | undefined;
  readonly lock: Lock | undefined;
  readonly scan: Scan | undefined;
  readonly shards: Shards | undefined;
  readonly renew?: (key: string, renewal: RemoteRenewal) => Promise<boolean>;
  readonly onLoss?: (listener: () => void) => void;
  readonly onReady?: (listener: () => void) => void;
  readonly unref?: () => void;
  readonly #tier: RemoteTier;
  readonly #guarded: Guarded;

  constructor(tier: RemoteTier, under: UnderPolicies | undefined, breaker: Breaker | undefined) {
    this.name = tier.name;
    this.#tier = tier;
    this.breaker = breaker;
    this.shards = tier.shards;
    this.#guarded =
      under === undefined
        ? (_kind, _keys, { call, run }) => run(call)
        : (kind, keys, { call, run }) =>
            under(({ signal }) => run({ ...call, signal }), call.signal, { kind, target: tier.name, keys });
    if (tier.fence !== undefined) this.fence = guardedFence(tier.fence, this.#guarded);
    if (tier.lock !== undefined) this.lock = guardedLock(tier.lock, this.#guarded);
    if (tier.scan !== undefined) this.scan = guardedScan(tier.scan, this.#guarded);
    if (tier.bus !== undefined) this.bus = guardedBus(tier.bus, this.#guarded);
    if (tier.renew !== undefined) {
      this.renew = (key, renewal) =>
        this.#guarded("renew", 1, {
          call: renewal,
          run: (call) => tier.renew?.(key, call) ?? Promise.resolve(false),
        });
    }
    if (tier.onLoss !== undefined) this.onLoss = (listener) => tier.onLoss?.(listener);
    if (tier.onReady !== undefined) this.onReady = (listener) => tier.onReady?.(listener);
    if (tier.unref !== undefined) this.unref = () => tier.unref?.();
  }

  now(): EpochMs | undefined {
    return this.#tier.now();
  }

  readMany(keys: readonly string[], call: RemoteCall): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#guarded("read", keys.length, { call, run: (own) => this.#tier.readMany(keys, own) });
  }

  write(key: string, frame: Uint8Array, call: RemoteWrite): Promise<void> {
    return this.#guarded("write", 1, { call, run: (own) => this.#tier.write(key, frame, own) });
  }

  remove(keys: readonly string[], call: RemoteChange): Promise<void> {
    return this.#guarded("remove", keys.length, { call, run: (own) => this.#tier.remove(keys, own) });
  }

  close(): Promise<void> {
    return this.#tier.close();
  }
}
