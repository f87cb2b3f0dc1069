import type {
  Burial,
  Commit,
  Fence,
  Lease,
  LeaseCall,
  Outdating,
  Raise,
  Release,
  RemoteCall,
  RemoteChange,
  VersionedFrame,
} from "@tiercache/core";
import type { ChaosCall } from "./chaos-operation.ts";

/** Does a call as a chaos tier's switches have it. */
export type ChaosThrough = <T>(call: ChaosCall, run: () => Promise<T>) => Promise<T>;

/** The fence of a chaos tier. */
export class ChaosFence implements Fence {
  /** Absent where the wrapped fence cannot do it either. So are `bury` and `raise`. */
  readonly outdate?: (outdatings: readonly Outdating[], change: RemoteChange) => Promise<void>;
  readonly bury?: (tombstones: readonly Lease[], burial: Burial) => Promise<void>;
  readonly raise?: (frames: readonly VersionedFrame[], raise: Raise) => Promise<readonly boolean[]>;
  readonly #fence: Fence;
  readonly #through: ChaosThrough;

  constructor(fence: Fence, through: ChaosThrough) {
    this.#fence = fence;
    this.#through = through;
    const { outdate, bury, raise } = fence;
    if (outdate !== undefined) {
      this.outdate = (outdatings, change) => {
        const call = { operation: "outdate", keys: outdatings.map(({ key }) => key), text: change.announce } as const;
        return through(call, () => outdate.call(fence, outdatings, change));
      };
    }
    if (bury !== undefined) {
      this.bury = (tombstones, burial) => {
        const call = { operation: "bury", keys: tombstones.map(({ key }) => key), text: burial.announce } as const;
        return through(call, () => bury.call(fence, tombstones, burial));
      };
    }
    if (raise !== undefined) {
      this.raise = (frames, raised) => {
        const call = { operation: "raise", keys: frames.map(({ key }) => key), text: raised.announce } as const;
        return through(call, () => raise.call(fence, frames, raised));
      };
    }
  }

  acquire(leases: readonly Lease[], call: LeaseCall): Promise<readonly boolean[]> {
    const keys = leases.map(({ key }) => key);
    return this.#through({ operation: "acquire", keys }, () => this.#fence.acquire(leases, call));
  }

  commit(key: string, commit: Commit): Promise<boolean> {
    const call = { operation: "commit", keys: [key], text: commit.announce } as const;
    return this.#through(call, () => this.#fence.commit(key, commit));
  }

  release(key: string, release: Release): Promise<boolean> {
    const call = { operation: "release", keys: [key], text: release.announce } as const;
    return this.#through(call, () => this.#fence.release(key, release));
  }

  wait(key: string, expected: Uint8Array, call: RemoteCall): Promise<boolean> {
    return this.#through({ operation: "wait", keys: [key] }, () => this.#fence.wait(key, expected, call));
  }
}
