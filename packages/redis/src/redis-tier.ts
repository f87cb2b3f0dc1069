import {
  type EpochMs,
  type Ms,
  type RemoteCall,
  type RemoteRenewal,
  type RemoteTier,
  type RemoteWrite,
  systemClock,
} from "@tiercache/core";
import type { Connection } from "./connection.ts";
import { failureOf, wordOf } from "./failure.ts";
import { renewed } from "./renewal.ts";
import { ServerTime } from "./server-time.ts";

/** The longest life that is handed to the server; anything longer is written without an end. */
const LONGEST_TTL_MS: Ms = 2 ** 53 - 1;

/** Frames under keys of a Redis server. Made by `redis()`. */
export class RedisTier implements RemoteTier {
  readonly name: string;
  readonly #connection: Connection;
  readonly #time: ServerTime;
  #attempted: boolean;

  constructor(name: string, connection: Connection) {
    const { client, firstAttempt } = connection;
    this.name = name;
    this.#connection = connection;
    this.#time = new ServerTime({ clock: systemClock, ask: () => client.time() });
    this.#attempted = client.status === "ready";
    void firstAttempt.then(() => {
      this.#attempted = true;
    });
    client.on("ready", this.#onReady);
    client.on("close", this.#onClose);
    if (client.status === "ready") this.#onReady();
  }

  now(): EpochMs | undefined {
    return this.#time.now();
  }

  readMany(keys: readonly string[], _call?: RemoteCall): Promise<readonly (Uint8Array | undefined)[]> {
    if (keys.length === 0) return Promise.resolve([]);
    return this.#run(async () => {
      const frames = await (keys.length === 1 ? this.#readOne(keys[0] as string) : this.#readAll(keys));
      // A frame is of no use without the time. It was asked for before, except on a client that has queued this read.
      if (this.#time.now() === undefined) await this.#time.learn();
      return frames;
    });
  }

  write(key: string, frame: Uint8Array, { ttlMs }: Pick<RemoteWrite, "ttlMs">): Promise<void> {
    const { client } = this.#connection;
    // Only a command that leaves at once is copied by ioredis before this call returns.
    const leavesAtOnce = this.#attempted && client.status === "ready";
    const bytes = leavesAtOnce ? Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength) : Buffer.from(frame);
    return this.#run(async () => {
      if (ttlMs > LONGEST_TTL_MS) await client.set(key, bytes);
      else await client.set(key, bytes, "PX", wholeMs(ttlMs));
    });
  }

  renew(
    key: string,
    { expected, header, ttlMs }: Pick<RemoteRenewal, "expected" | "header" | "ttlMs">,
  ): Promise<boolean> {
    const life = ttlMs > LONGEST_TTL_MS ? "" : String(wholeMs(ttlMs));
    return this.#run(() => renewed(this.#connection.client, key, { expected, header, life }));
  }

  remove(keys: readonly string[], _call?: RemoteCall): Promise<void> {
    if (keys.length === 0) return Promise.resolve();
    return this.#run(async () => {
      await this.#connection.client.unlink([...keys]);
    });
  }

  close(): Promise<void> {
    this.#connection.client.off("ready", this.#onReady);
    this.#connection.client.off("close", this.#onClose);
    return this.#connection.close();
  }

  readonly #onReady = (): void => {
    this.#time.keepFresh();
  };

  readonly #onClose = (): void => {
    this.#time.forget();
  };

  async #run<T>(command: () => Promise<T>): Promise<T> {
    if (!this.#attempted) await this.#connection.firstAttempt;
    // The server answers in order, so the time is known when the command's reply is there.
    if (this.#connection.client.status === "ready") this.#time.keepFresh();
    try {
      return await command();
    } catch (error) {
      throw failureOf(error);
    }
  }

  async #readOne(key: string): Promise<readonly (Uint8Array | undefined)[]> {
    try {
      return [(await this.#connection.client.getBuffer(key)) ?? undefined];
    } catch (error) {
      // What holds a list or a hash is no frame of ours. MGET says so by itself.
      if (wordOf(error) === "WRONGTYPE") return [undefined];
      throw error;
    }
  }

  async #readAll(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const frames = await this.#connection.client.mgetBuffer([...keys]);
    return frames.map((frame) => frame ?? undefined);
  }
}

/** The server takes whole ms, and none means gone. */
function wholeMs(ttlMs: Ms): Ms {
  return Math.max(1, Math.ceil(ttlMs));
}
