import assert from "node:assert/strict";
import type { Fence, Ms } from "@tiercache/core";
import { revision, tombstone } from "./frame-specimens.ts";
import { RemoteTrial } from "./remote-trial.ts";

const LONG_MS = 60_000;

/** What a case gives to a commit or a release besides the key and the revision. */
export interface FenceAsk {
  /** @defaultValue a minute */
  readonly ttlMs?: Ms;
  readonly announce?: string;
}

/** One tier in one case of the suite of fences. */
export class FenceTrial extends RemoteTrial {
  get fence(): Fence {
    const { fence } = this.tier;
    assert.ok(fence !== undefined, "the tier has a fence");
    return fence;
  }

  /** Whether the lease of one key was granted. */
  async acquire(name: string, placeholder: Uint8Array, leaseMs: Ms = LONG_MS): Promise<boolean> {
    const [granted] = await this.acquireMany([[name, placeholder]], leaseMs);
    return granted === true;
  }

  async acquireMany(
    leases: readonly (readonly [name: string, placeholder: Uint8Array])[],
    leaseMs: Ms = LONG_MS,
    overs: Readonly<Record<string, Uint8Array>> = {},
  ): Promise<readonly boolean[]> {
    const asked = leases.map(([name, placeholder]) => ({ key: this.key(name), placeholder, over: overs[name] }));
    const granted = await this.fence.acquire(asked, { ...this.call, leaseMs });
    assert.equal(granted.length, leases.length, "one element a lease");
    return granted;
  }

  /** Whether the lease of one key was granted over the frame with a revision. */
  async acquireOver(
    name: string,
    [over, placeholder]: readonly [Uint8Array, Uint8Array],
    { keeps, leaseMs = LONG_MS }: { readonly keeps?: boolean; readonly leaseMs?: Ms } = {},
  ): Promise<boolean> {
    const lease = { key: this.key(name), placeholder, over, keeps };
    const [granted] = await this.fence.acquire([lease], { ...this.call, leaseMs });
    return granted === true;
  }

  /** Whether a frame was put in the place of the one with a revision. */
  commit(name: string, [expected, frame]: readonly [Uint8Array, Uint8Array], ask: FenceAsk = {}): Promise<boolean> {
    return this.fence.commit(this.key(name), { ...this.call, ttlMs: LONG_MS, ...ask, expected, frame });
  }

  release(name: string, expected: Uint8Array, ask: Pick<FenceAsk, "announce"> = {}): Promise<boolean> {
    return this.fence.release(this.key(name), { ...this.call, ...ask, expected });
  }

  /** Says that values are out of date. Resolves to whether the fence can. */
  async outdate(names: readonly string[], number: number, announce?: string): Promise<boolean> {
    const outdatings = names.map((name) => ({ key: this.key(name), revision: revision(number) }));
    await this.fence.outdate?.(outdatings, { ...this.call, announce });
    return this.fence.outdate !== undefined;
  }

  /** Puts tombstones under keys. Resolves to whether the fence can. */
  async bury(
    names: readonly string[],
    number: number,
    ask: { readonly leaseMs?: Ms; readonly announce?: string } = {},
  ): Promise<boolean> {
    const tombstones = names.map((name) => ({ key: this.key(name), placeholder: tombstone(number) }));
    await this.fence.bury?.(tombstones, { ...this.call, leaseMs: LONG_MS, ...ask });
    return this.fence.bury !== undefined;
  }

  /** Puts versioned frames under keys. Resolves to whether each was put there; `undefined` of a fence that cannot. */
  async raise(
    frames: Readonly<Record<string, Uint8Array>>,
    ask: FenceAsk & { readonly replacesEqual?: boolean } = {},
  ): Promise<readonly boolean[] | undefined> {
    const asked = Object.entries(frames).map(([name, frame]) => ({ key: this.key(name), frame }));
    return this.fence.raise?.(asked, { ...this.call, ttlMs: LONG_MS, replacesEqual: false, ...ask });
  }

  wait(name: string, expected: Uint8Array): Promise<boolean> {
    return this.fence.wait(this.key(name), expected, this.call);
  }
}
