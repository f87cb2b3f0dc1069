import type {
  EpochMs,
  Ms,
  RemoteCall,
  RemoteChange,
  RemoteRenewal,
  RemoteTier,
  RemoteWrite,
  Shards,
} from "@tiercache/core";
import type { Redis } from "ioredis";
import { at, changeAnnounced } from "./announced-change.ts";
import { announcedRemoval, announcedWrite } from "./announcement.ts";
import type { AnnouncingBus } from "./announcing-bus.ts";
import { bufferView } from "./buffer-view.ts";
import { type CommandRoute, runGroup } from "./command-route.ts";
import { wordOf } from "./failure.ts";
import { hasNoEnd, lifeText, wholeMs } from "./life.ts";
import { RedisFence } from "./redis-fence.ts";
import { RedisLock } from "./redis-lock.ts";
import { RedisScan } from "./redis-scan.ts";
import { renewed } from "./renewal.ts";

/** What a Redis tier is made of. */
export interface RedisTierParts {
  readonly route: CommandRoute;
  readonly bus: AnnouncingBus;
}

interface Frame {
  readonly bytes: Buffer;
  readonly ttlMs: Ms;
}

type Frames = readonly (Uint8Array | undefined)[];

/** Frames under keys of Redis servers. Made by `redis()`. */
export class RedisTier implements RemoteTier {
  readonly name: string;
  readonly bus: AnnouncingBus;
  readonly fence: RedisFence;
  readonly lock: RedisLock;
  readonly scan: RedisScan;
  readonly shards: Shards | undefined;
  readonly #route: CommandRoute;

  constructor(name: string, { route, bus }: RedisTierParts) {
    this.name = name;
    this.bus = bus;
    this.fence = new RedisFence({ route, bus });
    this.lock = new RedisLock({ route, bus });
    this.scan = new RedisScan(route);
    this.shards = route.shards;
    this.#route = route;
  }

  now(): EpochMs | undefined {
    return this.#route.now();
  }

  readMany(keys: readonly string[], call?: RemoteCall): Promise<Frames> {
    const [first] = keys;
    if (first === undefined) return Promise.resolve([]);
    if (!this.#route.hasOneServer) return this.#readGroups(keys, call);
    return this.#route.run(first, (client) => this.#framesOf(client, keys), call);
  }

  write(key: string, frame: Uint8Array, call: RemoteWrite): Promise<void> {
    const { ttlMs, announce } = call;
    // Only a command that leaves at once is copied by ioredis before this call returns.
    const bytes = this.#route.sendsAtOnce ? bufferView(frame) : Buffer.from(frame);
    if (announce === undefined) return this.#route.run(key, (client) => stored(client, key, { bytes, ttlMs }), call);
    return this.bus.announcing(announce, ([announcement = []]) => {
      const written = { frame: bytes, life: lifeText(ttlMs), announcement };
      return this.#route.run(key, (client) => announcedWrite(client, key, written), call);
    });
  }

  renew(key: string, call: RemoteRenewal): Promise<boolean> {
    const { expected, header, ttlMs, announce } = call;
    return this.bus.announcing(announce, ([announcement = []]) =>
      this.#route.run(
        key,
        (client) => renewed(client, key, { expected, header, life: lifeText(ttlMs), announcement }),
        call,
      ),
    );
  }

  remove(keys: readonly string[], call?: RemoteChange): Promise<void> {
    return changeAnnounced(
      { route: this.#route, bus: this.bus },
      {
        keys,
        call,
        send: (client, places, announcement) => announcedRemoval(client, at(keys, places), announcement),
      },
    );
  }

  onLoss(listener: () => void): void {
    this.#route.onLoss(listener);
  }

  onReady(listener: () => void): void {
    this.#route.onReady(listener);
  }

  unref(): void {
    this.#route.unref();
    this.bus.unref();
  }

  async close(): Promise<void> {
    await Promise.all([this.bus.close(), this.#route.close()]);
  }

  async #readGroups(keys: readonly string[], call: RemoteCall | undefined): Promise<Frames> {
    const frames = Array.from<Uint8Array | undefined>({ length: keys.length });
    const send = (client: Redis, places: readonly number[]): Promise<Frames> =>
      this.#framesOf(client, at(keys, places));
    const read = async (places: readonly number[]): Promise<void> => {
      for (const [some, found] of await runGroup(this.#route, { places, keys, send }, call)) {
        for (const [index, place] of some.entries()) frames[place] = found[index];
      }
    };
    await Promise.all(this.#route.groupsOf(keys).map(read));
    return frames;
  }

  #framesOf(client: Redis, keys: readonly string[]): Promise<Frames> {
    const frames = keys.length === 1 ? readFrame(client, keys[0] as string) : readFrames(client, keys);
    return this.#route.now() === undefined ? this.#withTime(frames) : frames;
  }

  /** A frame is of no use without the time, which may have come with it. */
  async #withTime(frames: Promise<Frames>): Promise<Frames> {
    const found = await frames;
    if (this.#route.now() === undefined) await this.#route.learnTime();
    return found;
  }
}

function readFrames(client: Redis, keys: readonly string[]): Promise<Frames> {
  return client.mgetBuffer([...keys]).then((frames) => frames.map((frame) => frame ?? undefined));
}

function readFrame(client: Redis, key: string): Promise<Frames> {
  return client.getBuffer(key).then(asFrames, (error: unknown) => {
    // What holds a list or a hash is no frame of ours. MGET says so by itself.
    if (wordOf(error) === "WRONGTYPE") return [undefined];
    throw error;
  });
}

function asFrames(frame: Buffer | null): Frames {
  return [frame ?? undefined];
}

async function stored(client: Redis, key: string, { bytes, ttlMs }: Frame): Promise<void> {
  if (hasNoEnd(ttlMs)) await client.set(key, bytes);
  else await client.set(key, bytes, "PX", wholeMs(ttlMs));
}
