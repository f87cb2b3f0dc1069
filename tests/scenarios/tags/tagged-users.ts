import type { Cache, CacheOptions, LoadingNamespace } from "@tiercache/core";
import type { ChaosTier } from "@tiercache/testing";
import { type Mock, vi } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";

/** The keys of tokens: of the tag that values under ids that begin with 7 have, and of their namespace. */
export const TAG = ":tag:t%3A7";
export const GENERATION = ":generation:user";

/** One process of a {@link TaggedUsers}. */
export interface TaggedProcess {
  readonly cache: Cache;
  readonly tier: ChaosTier;
  readonly load: Mock<() => Promise<number>>;
  /** Versions of users, each with the tag of the first letter of its id. */
  readonly users: LoadingNamespace<[id: string], number>;
}

/** Processes that share one server with a fence and a bus, and cache versions of users under tags. */
export class TaggedUsers extends FencedFleet {
  version = 1;

  /** One more process. */
  tagged(options: Partial<CacheOptions> = {}): TaggedProcess {
    const { cache, tier } = this.process(options);
    const load = vi.fn(async () => this.version);
    const users = cache.namespace("user", { load, tags: (id) => [`t:${id[0]}`] });
    return { cache, tier, load, users };
  }

  /** One more process that knows the tokens of what begins with `w` and `a`, and has called nobody yet. */
  async warmed(options: Partial<CacheOptions> = {}): Promise<TaggedProcess> {
    const one = this.tagged(options);
    await this.settled();
    await one.users.get("warm");
    await one.users.get("again");
    await this.settled();
    one.tier.clearCalls();
    one.load.mockClear();
    return one;
  }
}
