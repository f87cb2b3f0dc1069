import type { EpochMs, RemoteCall, RemoteChange, RemoteRenewal, RemoteTier, RemoteWrite } from "@tiercache/core";
import { announcedRemoval, announcedWrite } from "./announcement.ts";
import { bufferView } from "./buffer-view.ts";
import { CommandGate } from "./command-gate.ts";
import type { Connection } from "./connection.ts";
import { wordOf } from "./failure.ts";
import { hasNoEnd, lifeText, wholeMs } from "./life.ts";
import { RedisBus } from "./redis-bus.ts";
import { RedisFence } from "./redis-fence.ts";
import { RedisLock } from "./redis-lock.ts";
import { renewed } from "./renewal.ts";

/** Frames under keys of a Redis server. Made by `redis()`. */
export class RedisTier implements RemoteTier {
  readonly name: string;
  readonly bus: RedisBus;
  readonly fence: RedisFence;
  readonly lock: RedisLock;
  readonly #gate: CommandGate;

  constructor(name: string, connection: Connection) {
    const gate = new CommandGate(connection);
    const bus = new RedisBus(gate);
    this.name = name;
    this.bus = bus;
    this.fence = new RedisFence({ gate, bus });
    this.lock = new RedisLock({ gate, bus });
    this.#gate = gate;
  }

  now(): EpochMs | undefined {
    return this.#gate.now();
  }

  readMany(keys: readonly string[], call?: RemoteCall): Promise<readonly (Uint8Array | undefined)[]> {
    if (keys.length === 0) return Promise.resolve([]);
    return this.#gate.run(async () => {
      const frames = await (keys.length === 1 ? this.#readOne(keys[0] as string) : this.#readAll(keys));
      // A frame is of no use without the time.
      if (this.#gate.now() === undefined) await this.#gate.learnTime();
      return frames;
    }, call);
  }

  write(key: string, frame: Uint8Array, call: RemoteWrite): Promise<void> {
    const { ttlMs, announce } = call;
    // Only a command that leaves at once is copied by ioredis before this call returns.
    const bytes = this.#gate.sendsAtOnce ? bufferView(frame) : Buffer.from(frame);
    return this.#gate.run(async () => {
      const { client } = this.#gate;
      if (announce !== undefined) {
        const announcement = this.bus.announcement(announce);
        await announcedWrite(client, key, { frame: bytes, life: lifeText(ttlMs), announcement });
      } else if (hasNoEnd(ttlMs)) await client.set(key, bytes);
      else await client.set(key, bytes, "PX", wholeMs(ttlMs));
    }, call);
  }

  renew(key: string, call: RemoteRenewal): Promise<boolean> {
    const { expected, header, ttlMs, announce } = call;
    return this.#gate.run(async () => {
      const announcement = this.bus.announcement(announce);
      return renewed(this.#gate.client, key, { expected, header, life: lifeText(ttlMs), announcement });
    }, call);
  }

  remove(keys: readonly string[], call?: RemoteChange): Promise<void> {
    if (keys.length === 0) return Promise.resolve();
    return this.#gate.run(async () => {
      const { client } = this.#gate;
      if (call?.announce === undefined) await client.unlink([...keys]);
      else await announcedRemoval(client, keys, this.bus.announcement(call.announce));
    }, call);
  }

  onLoss(listener: () => void): void {
    this.#gate.onLoss(listener);
  }

  onReady(listener: () => void): void {
    this.#gate.onOpen(listener);
  }

  unref(): void {
    this.#gate.unref();
    this.bus.unref();
  }

  async close(): Promise<void> {
    await Promise.all([this.bus.close(), this.#gate.close()]);
  }

  async #readOne(key: string): Promise<readonly (Uint8Array | undefined)[]> {
    try {
      return [(await this.#gate.client.getBuffer(key)) ?? undefined];
    } catch (error) {
      // What holds a list or a hash is no frame of ours. MGET says so by itself.
      if (wordOf(error) === "WRONGTYPE") return [undefined];
      throw error;
    }
  }

  async #readAll(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const frames = await this.#gate.client.mgetBuffer([...keys]);
    return frames.map((frame) => frame ?? undefined);
  }
}
