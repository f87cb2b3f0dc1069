import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Bus, Ms, RemoteCall, RemoteRenewal, RemoteTier } from "@tiercache/core";
import { Ear } from "./ear.ts";

/** A remote tier to be proved. */
export interface RemoteTierUnderTest {
  /** Empty, or at least without the keys of any other test: a suite's keys begin with `suite:` and a random part. */
  readonly tier: RemoteTier;
  /**
   * Moves the tier's time on. Without it frames are given a short life in real time, and the suite asks for them until
   * they are gone.
   */
  readonly advance?: (ms: Ms) => void;
  /** Opens the tier of one more process on the same server. Only the suite of buses asks for it. */
  readonly another?: () => RemoteTier | Promise<RemoteTier>;
  /** Breaks the connections that the tier's bus listens on. Without it the suite cannot prove that one is mended. */
  readonly breakBus?: () => void | Promise<void>;
}

/** Opens a tier for one case, which closes it. */
export type OpenRemoteTier = () => RemoteTierUnderTest | Promise<RemoteTierUnderTest>;

/** How long a frame of a short life may take to be gone on a real server. Only a failure takes that long. */
const GONE_WITHIN_MS = 10_000;
const POLL_EVERY_MS = 20;

/** How long a message may take. Where time is moved by hand nothing takes any. */
const HEARD_WITHIN_MS = 10_000;
const HEARD_AT_ONCE_MS = 100;

/** One tier in one case of the suite, with keys that no other case uses. */
export class RemoteTrial {
  readonly tier: RemoteTier;
  readonly call: RemoteCall = { signal: new AbortController().signal };
  readonly #underTest: RemoteTierUnderTest;
  readonly #advance: ((ms: Ms) => void) | undefined;
  readonly #prefix = `suite:${randomUUID()}:`;
  readonly #opened: RemoteTier[];

  constructor(underTest: RemoteTierUnderTest) {
    this.tier = underTest.tier;
    this.#underTest = underTest;
    this.#advance = underTest.advance;
    this.#opened = [underTest.tier];
  }

  /** The tier of one more process on the same server. */
  async another(): Promise<RemoteTier> {
    const { another } = this.#underTest;
    assert.ok(another !== undefined, "the suite needs `another`, the tier of a second process");
    const tier = await another();
    this.#opened.push(tier);
    return tier;
  }

  /** Breaks the connection that the bus listens on. Resolves to whether it could. */
  async breaksBus(): Promise<boolean> {
    await this.#underTest.breakBus?.();
    return this.#underTest.breakBus !== undefined;
  }

  /** Has a tier listen on a channel of this case, and waits until it does. */
  async listen(tier: RemoteTier = this.tier, onMessage: (text: string) => void = () => {}): Promise<Ear> {
    const ear = this.ear(tier, onMessage);
    this.busOf(tier).listen(this.key("channel"), ear);
    await ear.hears("gap");
    return ear;
  }

  /** A listener for the bus of a tier, which does not listen yet. */
  ear(tier: RemoteTier = this.tier, onMessage: (text: string) => void = () => {}): Ear {
    const patienceMs = this.#advance === undefined ? HEARD_WITHIN_MS : HEARD_AT_ONCE_MS;
    return new Ear(this.busOf(tier), patienceMs, onMessage);
  }

  /** The bus of a tier. */
  busOf(tier: RemoteTier = this.tier): Bus {
    assert.ok(tier.bus !== undefined, "the tier has a bus");
    return tier.bus;
  }

  /** Closes whatever was opened for this case. */
  async close(): Promise<void> {
    for (const tier of this.#opened) {
      await tier.bus?.close();
      await tier.close();
    }
  }

  /** A key of this case. */
  key(name: string): string {
    return this.#prefix + name;
  }

  write(name: string, frame: Uint8Array, ttlMs: Ms = Number.POSITIVE_INFINITY): Promise<void> {
    return this.tier.write(this.key(name), frame, { ...this.call, ttlMs });
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const [frame] = await this.readMany([name]);
    return frame;
  }

  async readMany(names: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const frames = await this.tier.readMany(
      names.map((name) => this.key(name)),
      this.call,
    );
    assert.equal(frames.length, names.length, "one element a key");
    return frames;
  }

  /** The frame under a name as another process's tier reads it. */
  async readThrough(tier: RemoteTier, name: string): Promise<Uint8Array | undefined> {
    const [frame] = await tier.readMany([this.key(name)], this.call);
    return plain(frame);
  }

  /** Whether the tier has prolonged the frame. Only for a tier that can. */
  async renew(name: string, renewal: Pick<RemoteRenewal, "expected" | "header" | "ttlMs">): Promise<boolean> {
    return (await this.tier.renew?.(this.key(name), { ...this.call, ...renewal })) ?? false;
  }

  remove(...names: readonly string[]): Promise<void> {
    return this.tier.remove(
      names.map((name) => this.key(name)),
      this.call,
    );
  }

  /** Asserts that the frames under some names are these, in this order; `undefined` stands for an absent key. */
  async holds(names: readonly string[], expected: readonly (Uint8Array | undefined)[]): Promise<void> {
    const frames = await this.readMany(names);
    assert.deepStrictEqual(frames.map(hexadecimal), expected.map(hexadecimal));
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

/** Frames in one line each: what differs between long lists of numbers takes Node seconds to tell. */
function hexadecimal(frame: Uint8Array | undefined): string | undefined {
  return frame === undefined ? undefined : Buffer.from(frame).toString("hex");
}
