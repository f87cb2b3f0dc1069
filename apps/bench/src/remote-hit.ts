import { type Cache, createCache, hours } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { redis } from "@tiercache/redis";
import { Redis } from "ioredis";
import { Packr } from "msgpackr";
import type { Comparison, Contender } from "./comparison.ts";

/** About 100 bytes, as a cached score is. */
const score = {
  userId: 1234,
  jobId: 5678,
  score: 87.5,
  skills: ["typescript", "redis"],
  place: "Zurich",
  remote: true,
};

/** Hits in the remote tier, beside plain ioredis and msgpackr doing the same by hand. */
export class RemoteHit {
  readonly #client: Redis;
  readonly #cache: Cache;

  constructor(url: string) {
    this.#client = new Redis(url);
    this.#cache = createCache({ tiers: [redis({ url })], serializer: msgpack(), ttlMs: hours(1) });
  }

  /** @param inFlight - How many reads are under way at a time. */
  async comparison(inFlight: number): Promise<Comparison> {
    const packr = new Packr({ useRecords: false });
    const scores = this.#cache.namespace<typeof score>(`score-${inFlight}`);
    const ids = Array.from({ length: inFlight }, (_, index) => `id-${index}`);
    for (const id of ids) {
      await this.#client.set(`plain:${id}`, packr.pack(score));
      await scores.set(id, score);
    }
    const plain = async (id: string): Promise<unknown> =>
      packr.unpack((await this.#client.getBuffer(`plain:${id}`)) ?? Buffer.of());
    return {
      name: inFlight === 1 ? "L2 hit, one at a time" : `L2 hit, ${inFlight} in flight`,
      timesPerRound: inFlight === 1 ? 3_000 : 20_000,
      contenders: [
        readerOf("ioredis GET + msgpackr", ids, plain),
        readerOf("namespace.get(id)", ids, (id) => scores.get(id)),
      ],
    };
  }

  async close(): Promise<void> {
    await this.#cache.close();
    this.#client.disconnect();
  }
}

function readerOf(name: string, ids: readonly string[], read: (id: string) => Promise<unknown>): Contender {
  return {
    name,
    async run(times) {
      const reader = async (id: string): Promise<void> => {
        for (let time = 0; time < times / ids.length; time++) {
          const value = (await read(id)) as typeof score | undefined;
          if (value?.score !== score.score) throw new Error(`${name} returned another value than was stored.`);
        }
      };
      await Promise.all(ids.map(reader));
    },
  };
}
