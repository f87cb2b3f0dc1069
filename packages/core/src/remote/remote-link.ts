import type { Ms } from "../contracts/clock.ts";
import type { Observer, RemoteOperation } from "../contracts/observer.ts";
import type { RemoteTier, RemoteWrite } from "../contracts/tier.ts";
import { CacheError, isCacheError } from "../errors.ts";
import type { LazySignal } from "../lazy-signal.ts";
import { attempt, type Deadline } from "./attempt.ts";
import { ReadFold } from "./read-fold.ts";

/** The most keys that reads of one tick put into a single command; a longer one would hold up the server. */
const MAX_KEYS_PER_READ = 512;

/** What a link needs besides its tier. */
export interface RemoteLinkParts extends Deadline {
  readonly observer: Observer | undefined;
}

/** A frame that is made when it can be sent: only then are the tier's time and the life that is left known. */
export interface OutgoingFrame {
  readonly key: string;
  /** How long the tier shall keep it; not above 0 when that is over already. */
  remainingMs(): Ms;
  /** @param shiftMs - The tier's time minus the clock's. */
  bytes(shiftMs: Ms): Uint8Array;
}

/** A frame that is prolonged where it lies. */
export interface OutgoingRenewal {
  readonly key: string;
  /** As the tier was seen to hold it. */
  readonly frame: Uint8Array;
  /** How long the tier shall keep it from now on. */
  remainingMs(): Ms;
  /** @param shiftMs - The tier's time minus the clock's. */
  header(shiftMs: Ms): Uint8Array;
}

/** What a tier had under one key when it was asked about it, or the code of its failure. */
export type Probe = { readonly frame: Uint8Array | undefined } | { readonly failure: string };

/**
 * The cache's end of one remote tier. Puts the deadline on every call, folds the reads of a tick into one, and turns
 * failures into events: nothing here ever rejects, so no caller has to think of a tier that is away.
 */
export class RemoteLink {
  readonly name: string;
  readonly #tier: RemoteTier;
  readonly #parts: RemoteLinkParts;
  readonly #fold: ReadFold;
  readonly #writes = new Set<Promise<boolean>>();
  /** Writes and removals in their order while the tier's time is being learned, else `undefined`. */
  #waiting: (() => void)[] | undefined;

  constructor(tier: RemoteTier, parts: RemoteLinkParts) {
    this.name = tier.name;
    this.#tier = tier;
    this.#parts = parts;
    this.#fold = new ReadFold((keys) => this.#readMany(keys), MAX_KEYS_PER_READ);
  }

  /** The tier's time minus the clock's, by which an entry's instants travel; `undefined` while it is unknown. */
  shiftMs(): Ms | undefined {
    try {
      const tierNow = this.#tier.now();
      return tierNow === undefined ? undefined : tierNow - this.#parts.clock.now();
    } catch (error) {
      // It must not throw; if it does all the same, no reader shall hear of it.
      this.#report("read", error);
      return undefined;
    }
  }

  /** Reads keys in one trip, together with all others of this tick. A failed read finds nothing. */
  read(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#fold.read(keys);
  }

  /** Stores a frame; resolves to whether the tier has it. */
  write(frame: OutgoingFrame): Promise<boolean> {
    if (this.shiftMs() === undefined) this.#learnTime(frame.key);
    return this.#known(this.#inOrder(() => this.#send(frame)));
  }

  /** Whether frames can be prolonged without being sent again. */
  get canRenew(): boolean {
    return this.#tier.renew !== undefined;
  }

  /** Prolongs a frame if the tier still holds it; resolves to whether it does, now with its new life. */
  renew(renewal: OutgoingRenewal): Promise<boolean> {
    return this.#known(this.#inOrder(() => this.#renew(renewal)));
  }

  /** Asks for one key, for somebody who wants to know whether that failed. */
  async probe(key: string): Promise<Probe> {
    try {
      const [frame] = await attempt(this.#parts, (call) => this.#tier.readMany([key], call));
      return { frame };
    } catch (error) {
      this.#report("read", error);
      return { failure: codeOf(error) };
    }
  }

  /** Removes keys; resolves to whether the tier has none of them any longer. */
  remove(keys: readonly string[]): Promise<boolean> {
    return this.#known(this.#inOrder(() => this.#did("remove", (call) => this.#tier.remove(keys, call))));
  }

  /** The writes and removals on their way, each bounded by the deadline. */
  get writes(): readonly Promise<boolean>[] {
    return [...this.#writes];
  }

  /** Waits for the writes and removals on their way, each bounded by the deadline, then lets the tier close what it opened. */
  async close(): Promise<void> {
    await Promise.all(this.#writes);
    await this.#did("close", () => this.#tier.close());
  }

  #known(write: Promise<boolean>): Promise<boolean> {
    this.#writes.add(write);
    void write.then(() => this.#writes.delete(write));
    return write;
  }

  #send(frame: OutgoingFrame): Promise<boolean> {
    const shiftMs = this.shiftMs();
    const ttlMs = frame.remainingMs();
    if (ttlMs <= 0) return Promise.resolve(true);
    if (shiftMs !== undefined) {
      return this.#did("write", (call) => this.#tier.write(frame.key, frame.bytes(shiftMs), writeCall(call, ttlMs)));
    }
    // No frame could say how long it is good for.
    this.#report("write", new CacheError("TIER_FAILED", "The time is unknown.", { cause: { code: "TIME_UNKNOWN" } }));
    return Promise.resolve(false);
  }

  async #renew(renewal: OutgoingRenewal): Promise<boolean> {
    const shiftMs = this.shiftMs();
    const ttlMs = renewal.remainingMs();
    if (shiftMs === undefined || ttlMs <= 0) return false;
    const header = renewal.header(shiftMs);
    const expected = renewal.frame.subarray(0, header.byteLength);
    let isHeld = false;
    const done = await this.#did("renew", async (call) => {
      const asked = Object.assign(writeCall(call, ttlMs), { expected, header });
      isHeld = (await this.#tier.renew?.(renewal.key, asked)) ?? false;
    });
    return done && isHeld;
  }

  /** A tier knows its time once it has answered a read. What comes meanwhile waits in its order. */
  #learnTime(key: string): void {
    if (this.#waiting !== undefined) return;
    this.#waiting = [];
    void this.#readMany([key]).then(() => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      // All at once, so that nothing that comes later overtakes them.
      for (const go of waiting) go();
    });
  }

  #inOrder(run: () => Promise<boolean>): Promise<boolean> {
    const waiting = this.#waiting;
    if (waiting === undefined) return run();
    return new Promise((resolve) => {
      waiting.push(() => resolve(run()));
    });
  }

  async #readMany(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    try {
      const frames = await attempt(this.#parts, (call) => this.#tier.readMany(keys, call));
      if (frames.length === keys.length) return frames;
      this.#report("read", new CacheError("TIER_FAILED", `${this.name} answered a read with too few or many frames.`));
    } catch (error) {
      this.#report("read", error);
    }
    return keys.map(() => undefined);
  }

  async #did(operation: RemoteOperation, run: (call: LazySignal) => Promise<void>): Promise<boolean> {
    try {
      await attempt(this.#parts, run);
      return true;
    } catch (error) {
      this.#report(operation, error);
      return false;
    }
  }

  #report(operation: RemoteOperation, error: unknown): void {
    this.#parts.observer?.on({ type: "tier-failed", tier: this.name, operation, code: codeOf(error) });
  }
}

function writeCall(call: LazySignal, ttlMs: Ms): RemoteWrite {
  return {
    ttlMs,
    get signal() {
      return call.signal;
    },
  };
}

/**
 * An error's code or name; of a tier's `TIER_FAILED`, the code of its cause. Never a message: a client's may quote the
 * command, and with it keys and values.
 */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) && !isCacheError(error)) return "UNKNOWN";
  const inner =
    isCacheError(error) && error.code === "TIER_FAILED" ? (codeIn(error.cause) ?? error.code) : codeIn(error);
  return inner ?? error.name;
}

function codeIn(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
