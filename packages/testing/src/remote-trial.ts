import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Ms, RemoteCall, RemoteRenewal, RemoteTier } from "@tiercache/core";

/** A remote tier to be proved. */
export interface RemoteTierUnderTest {
  /** Empty, or at least without the keys of any other test: a suite's keys begin with `suite:` and a random part. */
  readonly tier: RemoteTier;
  /**
   * Moves the tier's time on. Without it frames are given a short life in real time, and the suite asks for them until
   * they are gone.
   */
  readonly advance?: (ms: Ms) => void;
}

/** What one case of the remote suite does, and how it asserts. */
export type RemoteProof = (trial: RemoteTrial) => Promise<void>;

/** How long a frame of a short life may take to be gone on a real server. Only a failure takes that long. */
const GONE_WITHIN_MS = 10_000;
const POLL_EVERY_MS = 20;

/** One tier in one case of the suite, with keys that no other case uses. */
export class RemoteTrial {
  readonly tier: RemoteTier;
  readonly #advance: ((ms: Ms) => void) | undefined;
  readonly #prefix = `suite:${randomUUID()}:`;
  readonly #call: RemoteCall = { signal: new AbortController().signal };

  constructor({ tier, advance }: RemoteTierUnderTest) {
    this.tier = tier;
    this.#advance = advance;
  }

  /** A key of this case. */
  key(name: string): string {
    return this.#prefix + name;
  }

  write(name: string, frame: Uint8Array, ttlMs: Ms = Number.POSITIVE_INFINITY): Promise<void> {
    return this.tier.write(this.key(name), frame, { ...this.#call, ttlMs });
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const [frame] = await this.readMany([name]);
    return frame;
  }

  async readMany(names: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const frames = await this.tier.readMany(
      names.map((name) => this.key(name)),
      this.#call,
    );
    assert.equal(frames.length, names.length, "one element a key");
    return frames;
  }

  /** Whether the tier has prolonged the frame. Only for a tier that can. */
  async renew(name: string, renewal: Pick<RemoteRenewal, "expected" | "header" | "ttlMs">): Promise<boolean> {
    return (await this.tier.renew?.(this.key(name), { ...this.#call, ...renewal })) ?? false;
  }

  remove(...names: readonly string[]): Promise<void> {
    return this.tier.remove(
      names.map((name) => this.key(name)),
      this.#call,
    );
  }

  /** Asserts that the frames under some names are these, in this order; `undefined` stands for an absent key. */
  async holds(names: readonly string[], expected: readonly (Uint8Array | undefined)[]): Promise<void> {
    const frames = await this.readMany(names);
    assert.deepStrictEqual(frames.map(plain), expected.map(plain));
  }

  /** Asserts that a frame which was written with a life of `ttlMs` is gone after it. */
  async isGoneAfter(ttlMs: Ms, name: string): Promise<void> {
    if (this.#advance !== undefined) {
      this.#advance(Math.ceil(ttlMs));
      assert.equal(await this.read(name), undefined, "the frame has outlived its life");
      return;
    }
    const deadline = performance.now() + ttlMs + GONE_WITHIN_MS;
    while ((await this.read(name)) !== undefined) {
      assert.ok(performance.now() < deadline, "the frame has outlived its life");
      await delay(POLL_EVERY_MS);
    }
  }

  /** Waits until the tier's own time has moved on: until a frame of so short a life is gone. */
  async passes(ms: Ms): Promise<void> {
    await this.write("marker", Uint8Array.of(0), ms);
    await this.isGoneAfter(ms, "marker");
  }
}

/** Frames are compared as bytes, whatever kind of byte array a tier returns. */
function plain(frame: Uint8Array | undefined): Uint8Array | undefined {
  return frame === undefined ? undefined : new Uint8Array(frame);
}
